// Keeps bars from covering words: what sticks stands where it belongs in the page; what is fixed is hidden, in the lower half
// from the first picture on, else after it. `undo` puts all back. Changes only styles of its own.
({ foot, undo }) => {
  const changed = (archiver.restyled ??= []);
  if (undo) {
    for (const [element, name, value, priority] of changed.splice(0).reverse()) {
      if (value) element.style.setProperty(name, value, priority);
      else element.style.removeProperty(name);
    }
    return 0;
  }
  const set = (element, name, value) => {
    changed.push([element, name, element.style.getPropertyValue(name), element.style.getPropertyPriority(name)]);
    element.style.setProperty(name, value, "important");
  };
  const before = changed.length;
  for (const element of archiver.all(document)) {
    const { position, visibility, scrollSnapType } = getComputedStyle(element);
    if (scrollSnapType !== "none") set(element, "scroll-snap-type", "none"); // it would not stand where it is put
    if (position === "sticky") {
      set(element, "position", "relative");
      for (const side of ["top", "bottom", "left", "right"]) set(element, side, "auto");
    } else if (position === "fixed" && visibility !== "hidden") {
      if (archiver.panes().some((pane) => archiver.holds(element, pane))) continue;
      const box = element.getBoundingClientRect();
      const low = box.height < innerHeight / 2 && box.top > innerHeight / 2; // bars at the foot stand on one another
      if (!foot || low) set(element, "visibility", "hidden");
    }
  }
  return changed.length - before;
}
