/**
 * What must be undone even if the process ends early: on exit, and on a signal that would end it. Where somebody else listens to the signal, that one
 * decides: it cancels its work, whose `finally` undoes things in the usual way.
 */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const pending = new Set<() => void>();

/** `undo` must be synchronous. Returns the call that takes it off the list again, without running it. */
export function undoAtEnd(undo: () => void): () => void {
  if (pending.size === 0) listen();
  pending.add(undo);
  return () => {
    if (pending.delete(undo) && pending.size === 0) stopListening();
  };
}

function undoAll(): void {
  for (const undo of pending) undo();
  pending.clear();
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  undoAll();
  stopListening();
  process.kill(process.pid, signal);
}

function listen(): void {
  process.on("exit", undoAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function stopListening(): void {
  process.off("exit", undoAll);
  for (const signal of signals) process.off(signal, onSignal);
}
