// The order in which comments are shown: a select, or a menu of choices, that stands above a list of posts. "find" tells
// its choices, "choose" takes one, "count" tells how much the list shows. Takes no choice that is an address.
async ({ deed, choice = 0 }) => {
  const { all, parentOf, holds, textOf } = archiver;
  const { alike, boxOf, seen, isZoneNo, labelOf, letters, path, closest, mates, POST } = archiver.folds;
  const MOST = 6; // choices; longer lists are languages, countries, years
  const FAR = 600; // px between the control and its list
  const ITEMS = "[role=menuitemradio],[role=option],[role=menuitem][aria-checked]";
  const state = (archiver.order ??= {});
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  const below = (control) => {
    const foot = boxOf(control).bottom;
    for (let at = control, up = 0; at && at !== document.body && up < 4; at = parentOf(at), up++) {
      const next = at.nextElementSibling;
      for (const parent of [at.parentNode, next]) {
        const items = parent && alike(parent, at);
        if (items && closest(items[0].parentElement ?? control, POST) === closest(control, POST) && !items.some((one) => holds(one, control)) && boxOf(items[0]).top >= foot - 4 && boxOf(items[0]).top < foot + FAR) return items;
      }
    }
    return null;
  };
  const isAddress = (value) => /^(https?:|\/|\?|#)/.test(value);
  const fits = (control) => seen(control) && !control.disabled && !isZoneNo(control) && below(control);
  const menus = () => all(document, "[role=menu],[role=listbox]").filter((one) => seen(one) && boxOf(one).height > 10);

  if (deed === "find") {
    for (const select of all(document, "select")) {
      if (select.multiple || select.options.length < 2 || select.options.length > MOST || !fits(select)) continue;
      if ([...select.options].some((option) => isAddress(option.value))) continue;
      Object.assign(state, { control: select, kind: "select" });
      return { target: path(select), choices: [...select.options].map((option) => option.text.trim().slice(0, 80)), now: select.selectedIndex };
    }
    const openers = "button[aria-haspopup=menu],button[aria-haspopup=listbox],button[aria-haspopup=true],[role=button][aria-haspopup=menu],[role=button][aria-haspopup=listbox],[role=button][aria-haspopup=true]";
    const far = (control) => boxOf(below(control)[0]).top - boxOf(control).bottom;
    const fitting = all(document, openers).filter((control) => letters(labelOf(control)) && fits(control) && !mates(control));
    for (const control of fitting.sort((a, b) => far(a) - far(b)).slice(0, 1)) {
      if (closest(control, "form") || control.getAttribute("type") === "submit" || menus().length || !fits(control)) continue;
      Object.assign(state, { control, kind: "menu" });
      return { target: path(control) };
    }
    return null;
  }
  const { control, kind } = state;
  if (deed === "menu") {
    // Only a menu of choices, one of which may be marked: one that holds anything else is closed again, as it was.
    control.click();
    await pause(150);
    const [menu] = menus();
    const items = menu ? all(menu, ITEMS) : [];
    const acting = menu ? all(menu, "a[href],button,input,[role=menuitem]:not([aria-checked])") : [];
    if (menu) control.click();
    await pause(50);
    if (menus().length) return { target: path(control), stuck: true };
    if (items.length < 2 || items.length > MOST || acting.length) return null;
    const isNow = (one) => one.getAttribute("aria-checked") === "true" || one.getAttribute("aria-selected") === "true";
    return { target: path(control), choices: items.map((one) => textOf(one).slice(0, 80)), now: items.findIndex(isNow) };
  }
  if (deed === "choose" && kind === "select") {
    control.selectedIndex = choice;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
    return null;
  }
  if (deed === "choose") {
    control.click();
    await pause(150);
    const items = menus().flatMap((menu) => all(menu, ITEMS));
    if (items[choice]) items[choice].click();
    else if (menus().length) control.click();
    return null;
  }
  const items = control.isConnected ? below(control) : null;
  return { count: items?.length ?? 0, chars: items ? textOf(items[0].parentElement ?? items[0]).length : 0 };
}
