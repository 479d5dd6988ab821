/** One session of a BOSH connection manager that keeps and shelves requests as ejabberd 23.01 does, with its faults: read in its `ejabberd_bosh`. */
import { attr } from '../../src/xmpp/xml.js';
import { GONE, listen, pass, wrapper, type BoshManager, type BoshManagerParts, type Held, type Posted } from './bosh-manager.js';

/** A request that waits: shelved, or held with what is said when there is nothing to say. */
interface Receiver extends Held {
  readonly request?: Posted;
  echo(): string;
}

const MOST = 2;

export const startEjabberdManager = ({ sid, first, terms, socket, onOver }: BoshManagerParts): BoshManager => {
  const wrap = wrapper(sid, terms);
  const receivers = new Map<number, Receiver>();
  const responses = new Map<number, string>();
  let buffer = '';
  let last = first - 1;
  let over = false;

  const say = (to: Held, text: string): void => {
    responses.delete(to.rid);
    if (responses.size >= MOST) responses.delete(Math.min(...responses.keys()));
    responses.set(to.rid, text);
    to.answer(text);
  };
  /** Whoever is held is answered with nothing, or with their own words; nobody who is shelved is looked at. */
  const drop = (rid: number): void => {
    const its = receivers.get(rid);
    receivers.delete(rid);
    if (its) say(its, its.echo());
  };
  const stop = (text: (rid: number) => string): void => {
    if (over) return;
    over = true;
    onOver();
    for (const its of receivers.values()) its.answer(text(its.rid));
    receivers.clear();
  };
  const end = (attributes: Readonly<Record<string, string | undefined>> = {}): void => {
    const said = buffer;
    buffer = '';
    stop(rid => wrap({ type: 'terminate', ...attributes }, rid === last ? said : ''));
  };
  /** One that is put where there is one already is the end of the process. */
  const hold = (rid: number, its: Receiver, asking: Held): void => {
    if (receivers.has(rid)) {
      asking.answer(wrap({ type: 'terminate', condition: 'internal-server-error' }, ''));
      stop(() => GONE);
    } else receivers.set(rid, its);
  };
  const reply = (its: Held): void => {
    const said = wrap({}, buffer);
    buffer = '';
    receivers.delete(its.rid);
    say(its, said);
    const next = receivers.get(its.rid + 1);
    if (!next?.request || its.rid !== last) return;
    receivers.delete(next.rid);
    take(next.request, next);
  };
  const take = (request: Posted, mine: Held): void => {
    const { rid, text } = request;
    if (rid > last + MOST) {
      mine.answer(GONE);
      return stop(() => GONE);
    }
    if (rid > last + 1) return hold(rid, { ...mine, rid, request, echo: () => text }, mine);
    const before = responses.get(rid);
    if (rid <= last && before !== undefined) return mine.answer(before);
    if (rid <= last) {
      drop(rid);
      return hold(rid, { ...mine, rid, echo: () => text }, mine);
    }
    pass(socket, request, end);
    const previous = last;
    last = rid;
    if (attr(request.body, 'type') === 'terminate') return hold(rid, { ...mine, rid, echo: () => wrap({}, '') }, mine);
    drop(previous);
    if (buffer === '') return hold(rid, { ...mine, rid, echo: () => wrap({}, '') }, mine);
    return reply(mine);
  };
  listen(socket, frame => {
    buffer += frame;
    const its = receivers.get(last);
    if (its && !frame.includes('<stream:error')) reply(its);
  }, end);
  return {
    sid,
    take,
    waited: () => drop(last),
    answer: text => {
      const its = receivers.get(last);
      receivers.delete(last);
      if (its) say(its, text);
    },
    forgotten: () => stop(() => GONE),
  };
};
