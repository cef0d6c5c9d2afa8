// Whether the page shows words or pictures between two heights of the window. Changes nothing.
({ from, to }) => {
  const inside = (box) => box.top >= from && box.bottom <= to && box.height > 0 && box.width > 0 && box.right > 0 && box.left < innerWidth;
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const range = document.createRange();
  for (const element of archiver.all(document)) {
    if (/^(img|video|canvas)$/.test(element.localName)) {
      if (inside(element.getBoundingClientRect()) && seen(element) && (element.naturalWidth ?? 1) > 1) return true;
    }
    for (const node of element.childNodes) {
      if (node.nodeType !== 3 || !node.data.trim()) continue;
      range.selectNodeContents(node);
      if (inside(range.getBoundingClientRect()) && seen(element)) return true;
    }
  }
  return false;
}
