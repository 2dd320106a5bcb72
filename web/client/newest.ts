/** Waiting requests by slot: a newer one replaces an older one of its slot, and slots are served in their order. */
export interface Waiting<Slot extends string, Request extends { slot: Slot }> {
  /** Gives back the request that this one replaces. */
  add(request: Request): Request | undefined;
  next(): Request | undefined;
  readonly size: number;
}

export function createWaiting<Slot extends string, Request extends { slot: Slot }>(order: readonly Slot[]): Waiting<Slot, Request> {
  const waiting = new Map<Slot, Request>();
  return {
    add(request) {
      const older = waiting.get(request.slot);
      waiting.set(request.slot, request);
      return older;
    },
    next() {
      const slot = order.find((name) => waiting.has(name));
      const request = slot === undefined ? undefined : waiting.get(slot);
      if (slot !== undefined) waiting.delete(slot);
      return request;
    },
    get size() {
      return waiting.size;
    },
  };
}
