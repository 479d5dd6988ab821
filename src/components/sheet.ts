/** Style sheets that all chats of a page share. */

/** The sheet of a text. */
export const sheet = (text: string): CSSStyleSheet => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};

/** The sheet that is written out; nothing may be put in. */
export const css = ([text = '']: TemplateStringsArray): CSSStyleSheet => sheet(text);
