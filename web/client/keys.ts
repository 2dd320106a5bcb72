/** Keys of the page. They do nothing while a field is being typed into or a dialog is open. */
export interface KeyActions {
  [key: string]: (event: KeyboardEvent) => void;
}

export function listenToKeys(actions: KeyActions): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as Element;
    if (target.closest("dialog, select, textarea, input:not([type=range])")) return;
    const act = actions[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act(event);
  });
}
