/** What a reader who moves through a timeline sets going: the next page is read before it is reached, and what was seen counts as read. */
import type { Conversation } from '../model/conversation.js';
import { WINDOW, type Timeline } from '../model/timeline.js';

export interface ReadingOn {
  /** Reads on two screens before the reader gets there. A full window is trimmed at its other end, which must not be in sight. `stuck`: the reader is to stay at the end. */
  more(log: Element, timeline: Timeline, stuck: boolean): void;
  /** Says that everything up to the newest message was seen. */
  seen(conversation: Conversation): void;
}

/** One job at a time; what comes meanwhile is dropped, as it comes again with the reader's next move. */
const onlyOne = (report: (error: unknown) => void): ((job: () => Promise<void> | undefined) => void) => {
  let busy = false;
  return job => {
    const running = busy ? undefined : job();
    if (!running) return;
    busy = true;
    running.catch(report).finally(() => {
      busy = false;
    });
  };
};

export const createReadingOn = (report: (error: unknown) => void): ReadingOn => {
  const reading = onlyOne(report);
  const marking = onlyOne(report);
  return {
    more: ({ scrollTop, clientHeight, scrollHeight }, timeline, stuck) =>
      reading(() => {
        const full = timeline.messages.peek().length >= WINDOW;
        const below = scrollHeight - clientHeight - scrollTop;
        const ahead = full ? Math.min(2 * clientHeight, 0.3 * (scrollHeight - clientHeight)) : 2 * clientHeight;
        if (!timeline.atStart.peek() && scrollTop <= ahead && !(full && stuck)) return timeline.older();
        return timeline.atEnd.peek() || below > ahead ? undefined : timeline.newer();
      }),
    seen: conversation => marking(() => conversation.markRead()),
  };
};
