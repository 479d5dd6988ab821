/** Settings of plugins: typed signals that remember what was chosen. */
import { signal, type Signal } from '../base/signal.js';
import type { PluginStorage, SettingDefaults, Settings, SettingValue } from './plugin.js';

const KEY = 'settings';

/** Reads the stored settings over their defaults; a stored value of another type than its default is passed over. `onError` hears of a failed write. */
export const createSettings = async <S extends SettingDefaults>(defaults: S, storage: PluginStorage, onError: (error: unknown) => void): Promise<{ readonly settings: Settings<S>; readonly dispose: () => void }> => {
  const stored = Object.keys(defaults).length > 0 ? ((await storage.get<Record<string, SettingValue>>(KEY)) ?? {}) : {};
  const signals: Record<string, Signal<SettingValue>> = {};
  const stops: (() => void)[] = [];
  for (const [name, preset] of Object.entries(defaults)) {
    const kept = Object.hasOwn(stored, name) ? stored[name] : undefined;
    const value = signal<SettingValue>(kept !== undefined && typeof kept === typeof preset ? kept : preset);
    signals[name] = value;
    let first = true;
    stops.push(
      value.subscribe(() => {
        if (first) {
          first = false; // subscribing tells the present value, which is stored already
          return;
        }
        storage.set(KEY, Object.fromEntries(Object.entries(signals).map(([key, each]) => [key, each.peek()]))).catch(onError);
      }),
    );
  }
  return { settings: signals as Settings<S>, dispose: () => stops.forEach(stop => stop()) };
};
