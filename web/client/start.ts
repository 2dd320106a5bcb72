/** Loads the view that the address names, and only that one. */
const view = new URLSearchParams(location.search).get("view");

void (view === "calibrate" ? import("./calibrate/main.ts") : import("./main.ts"));
