/**
 * Writes the address of the page's state, at once but not too often: a browser refuses and warns from about two hundred writes in half a minute,
 * which a slider in the hand reaches. Above the budget only the last state of a pause is written.
 */
export interface Clock {
  now_ms(): number;
  later(act: () => void, delay_ms: number): void;
}

const window_ms = 15_000;
const budget = 60;

export function createAddressWriter(write: (query: string) => void, clock: Clock): (query: string) => void {
  let times: number[] = [];
  let latest = "";
  let scheduled = false;
  const flush = () => {
    times.push(clock.now_ms());
    write(latest);
  };
  return (query) => {
    latest = query;
    if (scheduled) return;
    times = times.filter((time) => clock.now_ms() - time < window_ms);
    if (times.length < budget) return flush();
    scheduled = true;
    clock.later(() => {
      scheduled = false;
      flush();
    }, 500);
  };
}

/** Into the address bar of this page. */
export const keepAddress = (): ((query: string) => void) =>
  createAddressWriter((query) => history.replaceState(null, "", query === "" ? location.pathname : `${location.pathname}?${query}`), { now_ms: () => performance.now(), later: (act, delay_ms) => void setTimeout(act, delay_ms) });
