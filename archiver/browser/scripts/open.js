// Opens what is folded, one control at a time, and looks what came of it. `deed`: "details" sets every <details> open;
// "next" finds the next control (only near the window, where `near`); "open" clicks it, once, without the rights of a
// person's click; "check" compares; "undo" puts back what a click did that was no opening; "left" tells what stays folded.
async ({ deed, near = false, most = 0, patience = 0, longer = 0, found = "", top = 0 }) => {
  const { all, holds, parentOf, textOf } = archiver;
  const folds = archiver.folds;
  const STRONG = /^(expanded|truncated|cover|hidden)$/;
  const LOOK_MS = 1500; // for one search: a page of 200,000 nodes is cut short and searched again after each click
  const state = (archiver.opening ??= { tried: new WeakSet(), kinds: new Map(), closed: 0, now: null });
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  // Two frames bring what a list puts where it is scrolled to; on a loaded computer one was seen to take more than 100 ms.
  const frames = () => Promise.race([new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))), pause(LOOK_MS)]);
  const place = () => location.href.replace(/#!?$/, "");

  const overlays = () => {
    const found = new Set();
    for (let n = 0; n < 25; n++) {
      let at = document.elementFromPoint(((n % 5) + 0.5) * 0.2 * innerWidth, (Math.floor(n / 5) + 0.5) * 0.2 * innerHeight);
      for (; at && at !== document.body; at = parentOf(at)) if (getComputedStyle(at).position === "fixed" || at.matches("dialog,[role=dialog],[role=menu],[aria-modal=true]")) found.add(at);
    }
    for (const one of document.querySelectorAll("dialog[open],[role=dialog],[role=menu],[aria-modal=true]")) if (folds.seen(one) && folds.boxOf(one).height > 20) found.add(one);
    return found;
  };
  const scopeOf = (control) => folds.closest(control, "article,[role=article],[role=listitem],[role=comment],section,main,dialog,[role=dialog]") ?? document.body;
  const measure = () => {
    const { control, scope, holder } = state.now;
    const text = scope.isConnected ? textOf(scope) : "";
    const own = control.isConnected && holds(scope, control) ? textOf(control).length : 0;
    return {
      text, length: text.length - own,
      around: holder.isConnected ? textOf(holder).length - (control.isConnected && holds(holder, control) ? textOf(control).length : 0) : -1,
      nodes: document.querySelectorAll("*").length + (control.getRootNode() === document ? 0 : scope.getRootNode().querySelectorAll("*").length),
      height: archiver.scroller(0).height() + archiver.panes().reduce((sum, pane) => sum + pane.scrollHeight, 0),
      scope: scope.scrollHeight,
      open: control.isConnected ? control.getAttribute("aria-expanded") : null,
      covered: control.isConnected && folds.seen(control) && !!folds.cover(control),
      cut: state.now.cut?.isConnected && folds.seen(state.now.cut) ? folds.boxOf(state.now.cut).height : 0,
      own: control.isConnected ? `${textOf(control)} ${control.getAttribute("class")}` : "",
    };
  };
  // Whether words that stood there are no longer among those that stand there now; what the control says does not count.
  const replaced = (before, after) => {
    const lines = before.text.split(/\n+/).map((line) => line.replace(/(…|\.\.\.|⋯).*$/, "").trim().slice(0, 20)).filter((line) => line.length > 3 && !before.own.includes(line));
    return lines.filter((line) => !after.text.includes(line)).length > 0.4 * lines.length;
  };
  const posts = () => archiver.posts(0).filter((one) => !archiver.panes().some((pane) => holds(pane, one)));

  if (deed === "details") {
    const opened = [];
    archiver.harvest({ which: 0, going: "down" });
    for (const one of all(document, "details:not([open])")) {
      if (opened.length >= most) { state.closed += 1; continue; }
      const inside = [...one.children].filter((child) => child.localName !== "summary");
      const saysSomething = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if ((!inside.length && !saysSomething) || folds.isZoneNo(one) || inside.some((child) => child.matches("menu,[role=menu],form") || child.querySelector("[role=menu],[role=menuitem]"))) continue;
      const before = folds.boxOf(one).height;
      one.open = true;
      const floats = !saysSomething && inside.every((child) => /absolute|fixed/.test(getComputedStyle(child).position));
      if (floats || (folds.seen(one) && folds.boxOf(one).height <= before)) one.open = false; // a menu that lies over the page
      else opened.push({ target: folds.path(one), text: (one.querySelector("summary")?.textContent ?? "").trim().slice(0, 80) });
    }
    if (opened.length) archiver.again();
    return opened;
  }

  // A list that shows only what is near the window: on from `top`, until something is found that can be opened.
  if (deed === "walk") {
    const here = archiver.scroller(0);
    const started = performance.now();
    for (let at = top; ; at = here.at() + 0.8 * here.view()) {
      here.go(at);
      await frames();
      const found = folds.candidates().some((one) => !state.tried.has(one) && folds.judge(one));
      const ended = here.at() + here.view() >= here.height() - 1;
      if (found || ended || performance.now() - started > LOOK_MS) return { found, ended, top: here.at() + (found ? 0 : 0.8 * here.view()) };
    }
  }

  if (deed === "next") {
    const started = performance.now();
    for (const control of folds.candidates()) {
      if (state.tried.has(control)) continue;
      if (performance.now() - started > LOOK_MS) return { more: true };
      if (near) {
        const box = folds.boxOf(control);
        if (box.bottom < -innerHeight || box.top > 2 * innerHeight) continue;
      }
      const kind = folds.judge(control);
      if (!kind) continue;
      const looks = folds.looks(control, kind);
      const known = state.kinds.get(looks) ?? { idle: 0, worked: 0, harm: 0 };
      if (known.harm || (known.idle >= 2 && !known.worked)) continue;
      state.kinds.set(looks, known);
      state.now = { control, kind, looks, known, scope: scopeOf(control), holder: parentOf(parentOf(control) ?? control) ?? control };
      return { kind, target: folds.path(control), text: folds.labelOf(control).trim().slice(0, 80) };
    }
    return null;
  }

  if (deed === "open") {
    const { control } = state.now;
    state.tried.add(control);
    control.scrollIntoView({ block: "center", behavior: "instant" });
    await frames(); // what a list drops for having been scrolled is dropped now, and not by the click
    archiver.harvest({ which: 0, going: "down" });
    state.now.cut = folds.cutBeside(control);
    Object.assign(state.now, { before: measure(), overlays: overlays(), posts: posts(), place: place(), entries: history.length, label: folds.labelOf(control) });
    const stay = (event) => event.preventDefault();
    addEventListener("submit", stay, true);
    addEventListener("click", stay);
    if (control.isConnected && folds.judge(control)) control.click();
    removeEventListener("click", stay);
    setTimeout(() => removeEventListener("submit", stay, true), 1000);
    return null;
  }

  if (deed === "check") {
    if (!state.now?.before) return "left"; // another document
    const { control, kind, known, before, posts: stood } = state.now;
    const look = () => {
      const after = measure();
      const gone = stood.filter((one) => !one.isConnected);
      const texts = gone.length ? textOf(document.body) : "";
      const lost = gone.filter((one) => one.textContent.trim() && !texts.includes(one.textContent.trim().slice(0, 30)));
      const covering = [...overlays()].filter((one) => !state.now.overlays.has(one));
      const grew = after.length > before.length + 2 || (after.around >= 0 && after.around > before.around + 2) || (after.nodes > before.nodes + 1 && (after.height > before.height + 8 || after.scope > before.scope + 8));
      const opened = (before.covered && !after.covered) || (before.open === "false" && after.open === "true" && after.scope > before.scope + 4) || (kind === "truncated" && (after.scope > before.scope + 8 || after.cut > before.cut + 8));
      if (place() !== state.now.place) return "left";
      if (covering.length) return "covered";
      if (lost.length) return "lost";
      if (!grew && after.length < before.length - 2 && !opened) return "shrank";
      if (kind !== "cover" && state.now.scope.isConnected && replaced(before, after)) return "changed";
      if (grew || opened) return "opened";
      return after.own !== before.own ? "itself" : "nothing";
    };
    const started = performance.now();
    let came = look();
    // What says something else of itself is often loading: it gets longer. A kind that twice showed nothing is not waited for.
    const waits = () => (known.idle >= 2 ? 0 : came === "itself" ? longer : came === "nothing" ? patience : 0);
    while (performance.now() - started < waits()) {
      await pause(50);
      came = look();
    }
    if (came === "opened") {
      known.worked += 1;
      const stays = control.isConnected && folds.labelOf(control).replace(/\d+/g, "") === state.now.label.replace(/\d+/g, "");
      if (stays && /^(list|replies|spoken)$/.test(kind) && measure().nodes > before.nodes) state.tried.delete(control); // there may be more
    } else if (/^(nothing|itself)$/.test(came)) {
      known.idle += 1;
      if (STRONG.test(kind)) state.closed += 1;
      if (came === "itself" && !STRONG.test(kind)) known.harm += 1; // it says something else of itself and opened nothing
    } else known.harm += 1;
    archiver.again();
    return came;
  }

  if (deed === "undo") {
    if (!state.now?.before) return null;
    const { control, overlays: stood } = state.now;
    if (found === "left" && history.length > state.now.entries) history.back();
    else if (found === "changed" || found === "shrank") control.isConnected && folds.seen(control) && control.click();
    else if (found === "covered")
      for (const one of [...overlays()].filter((other) => !stood.has(other))) {
        if (one.localName === "dialog" && one.open) one.close();
        else if (!state.now.posts.some((post) => holds(one, post))) one.style.setProperty("display", "none", "important");
      }
    return null;
  }

  if (deed === "undone") {
    if (!state.now?.before) return false;
    archiver.again();
    const as = place() === state.now.place && [...overlays()].every((one) => state.now.overlays.has(one));
    return as && (!/^(changed|shrank)$/.test(found) || !replaced(state.now.before, measure()));
  }

  // "left": what is still folded after all that.
  const started = performance.now();
  let waiting = 0;
  let cut = 0;
  for (const control of folds.candidates()) {
    if (performance.now() - started > LOOK_MS) break;
    if (state.tried.has(control)) continue;
    const kind = folds.judge(control);
    if (kind && STRONG.test(kind)) waiting += 1;
  }
  for (const post of archiver.posts(0))
    for (const block of all(post, "p,div,span").slice(0, 200)) if (folds.clipped(block) && folds.seen(block) && !folds.closest(block, "a[href]") && !folds.isZoneNo(block)) cut += 1;
  return { closed: state.closed, waiting, cut };
}
