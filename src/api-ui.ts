/** The door for the screen's half of plugins, and with it what draws what they contribute. */
import './components/contributions.js';

export { css, html, LitElement, nothing, svg } from 'lit';
export type { CSSResult, TemplateResult } from 'lit';
export { observing } from './components/observe.js';
export { banners, bodyRenderers, composerActions, headerActions, messageActions, messageDecorations, sidebarPanels } from './components/slots.js';
export type { UiContribution } from './components/slots.js';
