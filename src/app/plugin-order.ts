/** The order in which plugins start: each after what it requires. */
import type { Plugin } from './plugin.js';

export interface Order {
  /** Plugins that can start, in order. */
  readonly start: readonly Plugin[];
  /** Plugins that cannot, each with one sentence that says why. */
  readonly refused: readonly { readonly plugin: Plugin; readonly reason: string }[];
}

/** Sorts plugins by `requires`, keeping the given order where it does not matter. Names what is missing and every member of a circle. */
export const orderPlugins = (plugins: readonly Plugin[]): Order => {
  const byId = new Map(plugins.map(plugin => [plugin.id, plugin]));
  const start: Plugin[] = [];
  const reasons = new Map<string, string>();
  const visiting: string[] = [];
  const visit = (plugin: Plugin): void => {
    if (start.includes(plugin) || reasons.has(plugin.id)) return;
    const circle = visiting.indexOf(plugin.id);
    if (circle >= 0) {
      const members = visiting.slice(circle);
      for (const id of members) reasons.set(id, `“${id}” is part of a circle: ${[...members, plugin.id].join(' → ')}`);
      return;
    }
    visiting.push(plugin.id);
    for (const id of plugin.requires ?? []) {
      const needed = byId.get(id);
      if (needed) visit(needed);
      if (reasons.has(plugin.id)) break;
      if (!needed) reasons.set(plugin.id, `“${plugin.id}” requires “${id}”, which is not there`);
      else if (reasons.has(id)) reasons.set(plugin.id, `“${plugin.id}” requires “${id}”, which could not start`);
    }
    visiting.pop();
    if (!reasons.has(plugin.id)) start.push(plugin);
  };
  plugins.forEach(visit);
  return { start, refused: plugins.flatMap(plugin => (reasons.has(plugin.id) ? [{ plugin, reason: reasons.get(plugin.id) ?? '' }] : [])) };
};
