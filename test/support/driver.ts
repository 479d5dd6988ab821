/** What the end-to-end tests need of a browser, the same of each, so that one test runs in all of them. */

/** One tab, driven as a person would: by pointer and keys, and by looking. */
export interface Driver {
  /** Opens an address; settles when the page has loaded. */
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** What an expression of the page gives, as plain data; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  /** Presses the pointer at a place of the viewport, in CSS pixels. */
  click(x: number, y: number): Promise<void>;
  /** Types text into what has the focus. */
  type(text: string): Promise<void>;
  /** Presses a key by its name (`Enter`, `Escape`, `Tab`), with Shift if asked. */
  press(key: string, shift?: boolean): Promise<void>;
  /** Whether this browser tells of complaints. */
  readonly tells: boolean;
  /** What the page wrote to the console as a warning or an error, and what it threw and nobody caught. */
  readonly complaints: readonly string[];
  /** Kills the process of the page, as a crash does; only where the driver can. */
  crash?(): Promise<void>;
  /** Lets nothing of the page run any more, as browsers do to save memory, or lets it go on; only where the driver can. */
  freeze?(frozen: boolean): Promise<void>;
  /** A command of the Chrome DevTools Protocol; only Chromium has it. */
  readonly devtools?: (method: 'Storage.overrideQuotaForOrigin' | 'Storage.clearDataForOrigin', parameters: Readonly<Record<string, unknown>>) => Promise<unknown>;
  close(): Promise<void>;
}

/** How a tab looks at the world. */
export interface TabOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly touch?: boolean;
  readonly reducedMotion?: boolean;
}

/** A person's browser: its tabs share storage with each other and with no other profile. */
export interface Profile {
  newTab(options?: TabOptions): Promise<Driver>;
  close(): Promise<void>;
}

export interface TestBrowser {
  readonly name: 'chromium' | 'firefox' | 'webkit';
  newProfile(): Promise<Profile>;
  close(): Promise<void>;
}
