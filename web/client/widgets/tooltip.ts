/** One tooltip for the page: opens on hover, focus and tap, says the same for all three, can be read and selected, closes on Esc. */
import { h, type Tip } from "../dom.ts";

export interface Tooltip {
  element: HTMLElement;
  /** After a redraw: say what the mark under the same key now says, or close if it is gone. */
  refresh(): void;
}

export function createTooltip(): Tooltip {
  const box = h("div", { id: "tooltip", class: "tooltip", role: "tooltip", hidden: true });
  let owner: Element | null = null;
  let closing: ReturnType<typeof setTimeout> | undefined;
  let opening: ReturnType<typeof setTimeout> | undefined;

  const close = () => {
    clearTimeout(opening);
    clearTimeout(closing);
    owner?.removeAttribute("aria-describedby");
    owner = null;
    box.hidden = true;
  };
  const closeSoon = () => {
    clearTimeout(opening);
    clearTimeout(closing);
    closing = setTimeout(close, 180);
  };
  const open = (target: Element) => {
    clearTimeout(closing);
    if (owner === target && !box.hidden) return;
    const tip = read(target);
    if (tip === null) return;
    owner?.removeAttribute("aria-describedby");
    owner = target;
    box.replaceChildren(...content(tip));
    box.hidden = false;
    if (!target.hasAttribute("aria-label")) target.setAttribute("aria-describedby", box.id);
    position(box, target);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || event.buttons !== 0) return;
    const element = event.target as Element;
    if (box.contains(element)) return clearTimeout(closing);
    const target = element.closest("[data-tip]");
    if (target === null) return closeSoon();
    clearTimeout(opening);
    if (owner === target) return clearTimeout(closing);
    opening = setTimeout(() => open(target), box.hidden ? 90 : 30);
  });
  document.addEventListener("focusin", (event) => {
    const target = (event.target as Element).closest("[data-tip]");
    if (target !== null && (event.target as Element).matches(":focus-visible")) open(target);
    else if (!box.contains(event.target as Element)) close();
  });
  document.addEventListener("click", (event) => {
    const element = event.target as Element;
    if (box.contains(element)) return;
    const target = element.closest("[data-tip]");
    if (target === null) close();
    else if ((event as PointerEvent).pointerType === "touch") open(target);
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" && !box.contains(event.target as Element)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden) {
      close();
      event.stopPropagation();
    }
  }, true);
  window.addEventListener("scroll", (event) => {
    if (event.target instanceof Node && box.contains(event.target)) return;
    close();
  }, { capture: true, passive: true });
  return {
    element: box,
    refresh() {
      if (box.hidden || owner === null) return;
      const key = owner.getAttribute("data-key");
      const target = owner.isConnected ? owner : key === null ? null : document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (target === null || !(target.matches(":hover") || target.matches(":focus"))) return close();
      owner = null;
      open(target);
    },
  };
}

function read(target: Element): Tip | null {
  try {
    return JSON.parse(target.getAttribute("data-tip") ?? "null") as Tip | null;
  } catch {
    return null;
  }
}

function content(tip: Tip): Node[] {
  const parts: Node[] = [h("div", { class: "tooltip-head" }, h("strong", {}, tip.head), tip.place ? h("span", {}, tip.place) : null)];
  if (tip.rows && tip.rows.length > 0) parts.push(h("dl", {}, ...tip.rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
  if (tip.text) parts.push(h("p", {}, tip.text));
  if (tip.foot) parts.push(h("p", { class: "tooltip-foot" }, tip.foot));
  return parts;
}

/** Beside the mark, never over it: right, left, below or above, whichever has room. */
function position(box: HTMLElement, target: Element): void {
  const mark = target.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
  const gap = 12;
  const wide = mark.width > 160;
  const preferred = target.closest("[data-side]")?.getAttribute("data-side");
  if (preferred === "above-left" && mark.left - width > 8 && mark.top - height > 8) {
    box.style.setProperty("left", `${Math.round(mark.left - width + 4)}px`);
    box.style.setProperty("top", `${Math.round(mark.top - height + 4)}px`);
    return;
  }
  const beside = !wide && (mark.right + gap + width < room.width - 8 || mark.left - gap - width > 8);
  const onRight = mark.right + gap + width < room.width - 8;
  const left = beside ? (onRight ? mark.right + gap : mark.left - gap - width) : Math.min(Math.max(8, mark.left), room.width - width - 8);
  const below = mark.bottom + gap + height < room.height - 8;
  const top = beside ? Math.min(Math.max(8, mark.top + mark.height / 2 - 24), Math.max(8, room.height - height - 8)) : below ? mark.bottom + 6 : Math.max(8, mark.top - height - 6);
  box.style.setProperty("left", `${Math.round(left)}px`);
  box.style.setProperty("top", `${Math.round(top)}px`);
}
