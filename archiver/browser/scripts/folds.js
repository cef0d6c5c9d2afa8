// What the unfolding knows, in our own world of a document: which controls open something that is folded and do nothing
// else. Decided by role, structure, geometry and place; words only say no, or speak for a control that stands alone.
// Changes nothing: opening is open.js.
(words) => {
  if (archiver.folds) return;
  const { all, holds, parentOf, textOf } = archiver;
  const CONTROLS = "button,[role=button],a:not([href]),a[href='#'],a[href='#!'],a[href^='javascript:'],[aria-expanded=false],[onclick],[tabindex='0']";
  const ACTING = "button,[role=button],a[href],input,select,textarea,[role=link],[role=menuitem],[aria-pressed],[onclick]";
  const POST = "article,[role=article],li,[role=listitem],[role=comment],[itemtype*='Posting'],[itemtype*='Comment']";
  const NO_ROLE = /^(menuitem|menuitemradio|menuitemcheckbox|tab|option|switch|checkbox|radio|combobox|slider|spinbutton|textbox|searchbox|gridcell|treeitem|scrollbar)$/;
  const NO_ZONE = "nav,header,[role=navigation],[role=banner],[role=toolbar],[role=menubar],[role=menu],[role=listbox],[role=tablist],[role=search],[role=radiogroup],[role=alertdialog],label,fieldset,[contenteditable=''],[contenteditable=true]";
  const NO_REGION = "menu,[role=menu],[role=listbox],[role=dialog],[role=tooltip],[role=grid],[role=tree],dialog,nav,form,[role=form],[popover]";
  const DOM_CALLS = /classList\.\w+|\.(remove|replace|append|prepend|insert|toggle)\w*\s*\(|style\.\w+|return false/g; // not the site's own names
  const SMALL = 80; // characters on a control
  const SCANNED = 8000; // elements whose style is asked for a blur

  const closest = (element, selector) => {
    for (let at = element; at; at = parentOf(at)) if (at.matches(selector)) return at;
    return null;
  };
  const seen = (element) => element.isConnected && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const boxOf = (element) => element.getBoundingClientRect();
  const letters = (text) => (text.match(/\p{L}/gu) ?? []).length;
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/’/g, "'").replace(/[\d\p{S}\p{P}\s]+/gu, (c) => (c === "'" || c === "-" ? c : " ")).trim();
  const saidBy = (control) => [textOf(control), control.getAttribute("aria-label") ?? "", control.title ?? "", control.value ?? ""].filter((text) => typeof text === "string");
  const labelOf = (control) => saidBy(control).find((text) => text.trim()) ?? "";
  const tokensOf = (element) => {
    const values = [element.id, element.getAttribute("class"), (element.getAttribute("onclick") ?? "").replace(DOM_CALLS, " "), element.getAttribute("name")];
    for (const { name, value } of element.attributes) if (/^(data-|jsaction|ng-|@click|v-on|wire:)/.test(name) && value.length < 80) values.push(value, name.replace(/^data-/, ""));
    return new Set(values.filter(Boolean).join(" ").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z]+/));
  };

  // -- what is never touched ------------------------------------------------------------------------------------------

  let body = -1; // characters of the whole page, asked once for each look
  const bodyText = () => (body < 0 ? (body = textOf(document.body).length) : body);
  const isControlNo = (control) => {
    const role = control.getAttribute("role") ?? "";
    const popup = control.getAttribute("aria-haspopup");
    if (NO_ROLE.test(role) || (popup !== null && popup !== "false") || control.hasAttribute("aria-pressed") || control.hasAttribute("aria-checked")) return true;
    if (control.disabled || control.getAttribute("aria-disabled") === "true" || control.isContentEditable) return true;
    if (/^(input|select|textarea|option|label|video|audio|iframe|summary|form|body|html)$/.test(control.localName)) return true;
    if (control.hasAttribute("popovertarget") || control.hasAttribute("commandfor") || control.hasAttribute("download") || control.hasAttribute("formaction")) return true;
    if (control.localName === "button" && /^(submit|reset)$/.test(control.getAttribute("type") ?? "")) return true;
    if (control.matches(POST) || all(control, "input,select,textarea,button,a[href],video,audio,iframe,[role=button],[aria-expanded],[tabindex='0']").length) return true;
    const link = closest(control, "a[href]");
    return !!link && !/^(#!?|javascript:\s*(void\s*\(?\s*0?\s*\)?)?;?)$/i.test(link.getAttribute("href").trim());
  };
  const isZoneNo = (control) => {
    for (let at = parentOf(control); at && at !== document.body; at = parentOf(at)) {
      if (at.matches(NO_ZONE)) return true;
      if (at.matches("footer,[role=contentinfo]") && !closest(at, "article,[role=article]")) return true;
      if (at.localName === "form") {
        const whole = at.querySelector("article,[role=article],main,h1") && control.localName !== "button";
        const plainButton = at.querySelector("article,[role=article],main,h1") && control.getAttribute("type") === "button";
        if (!whole && !plainButton) return true;
      }
      const floats = getComputedStyle(at).position === "fixed" || at.matches("dialog,[role=dialog],[aria-modal=true]");
      if (floats && !all(at, "article,[role=article]").length && textOf(at).length < 0.5 * bodyText()) return true;
    }
    const own = getComputedStyle(control).position;
    return own === "fixed" || own === "sticky";
  };
  const isWordNo = (control) => {
    for (const text of saidBy(control).map(plain)) {
      if (words.neverWhole.includes(text)) return true;
      if (words.neverWithin.some((word) => ` ${text} `.includes(/^\p{Script=Latin}/u.test(word) ? ` ${word}` : word))) return true;
      if (/^[x×✕✖✗⨯]$/i.test(text)) return true;
    }
    const tokens = tokensOf(control);
    const more = words.moreTokens.some((token) => tokens.has(token));
    const never = words.neverTokens.filter((token) => tokens.has(token));
    return never.some((token) => !(more && /^(reply|post|message|comment|hide|close|react|reaction)$/.test(token)));
  };
  // Other controls that stand on the same line: an action bar, a pager, a player.
  const mates = (control) => {
    const box = boxOf(control);
    const middle = (box.top + box.bottom) / 2;
    let at = control;
    for (let up = 0; up < 4 && at; up++) {
      at = parentOf(at);
      if (!at || at === document.body) break;
      const found = all(at, ACTING).filter((one) => {
        if (holds(one, control) || holds(control, one) || !seen(one)) return false;
        const other = boxOf(one);
        if (other.width < 1 || Math.abs((other.top + other.bottom) / 2 - middle) > 14) return false;
        return one.localName !== "a" || letters(one.textContent) < 1 || getComputedStyle(one).display !== "inline";
      });
      if (found.length) return found.length;
      if (at.matches(POST)) break;
    }
    return 0;
  };

  // -- what speaks for something folded -------------------------------------------------------------------------------

  const ownText = (region) => {
    const acting = all(region, ACTING).reduce((sum, one) => sum + one.textContent.trim().length, 0);
    return region.textContent.trim().length - acting;
  };
  const isRegion = (region) => region && !region.matches(NO_REGION) && !region.matches("script,style,template,noscript") && !all(region, "form,textarea,input,[contenteditable=true]").length;
  const hiddenText = (region) => isRegion(region) && !(seen(region) && boxOf(region).height > 1) && ownText(region) >= 12;
  const clipped = (block) => {
    if (block.scrollHeight <= block.clientHeight + 6 || block.clientHeight < 8) return false;
    const { overflowY, webkitLineClamp } = getComputedStyle(block);
    return (/hidden|clip/.test(overflowY) || webkitLineClamp !== "none") && ownText(block) >= 40;
  };
  // What stands beside a control, and beside what holds it, within one post or one piece of a page.
  const around = (control) => {
    const found = [];
    for (let at = control, up = 0; at && up < 3 && !at.matches(`${POST},section,main,body`); at = parentOf(at), up++) {
      for (let near = at.previousElementSibling, n = 0; near && n < 2; near = near.previousElementSibling, n++) found.push(near);
      if (at.nextElementSibling) found.push(at.nextElementSibling);
    }
    return found.filter((one) => !one.matches(`${POST},section,main`));
  };
  const expanded = (control) => {
    if (control.getAttribute("aria-expanded") !== "false") return null;
    const id = (control.getAttribute("aria-controls") ?? "").split(/\s+/)[0];
    const region = id ? control.getRootNode().getElementById?.(id) : null;
    if (region) return isRegion(region) && (ownText(region) >= 4 || !region.childElementCount) ? "expanded" : null;
    if (around(control).some(hiddenText)) return "expanded";
    return letters(labelOf(control)) && closest(control, `${POST},main,section,dialog,[role=dialog],[role=main]`) ? "expanded" : null;
  };
  const cutBeside = (control) => {
    const above = [...around(control), parentOf(control), parentOf(parentOf(control) ?? control)].filter(Boolean);
    const inside = above.flatMap((block) => (block === document.body ? [] : [block, ...[...block.children].slice(0, 6)]));
    return inside.find((block) => !holds(control, block) && clipped(block)) ?? null;
  };
  const truncated = (control) => {
    const before = control.previousSibling?.textContent?.trim() || parentOf(control)?.previousElementSibling?.textContent?.trim() || "";
    if (before.length >= 40 && /(…|\.\.\.|⋯|‥)$/.test(before)) return "truncated";
    return cutBeside(control) ? "truncated" : null;
  };
  const blurs = (element) => Number(/blur\(([\d.]+)px\)/.exec(getComputedStyle(element).filter)?.[1] ?? 0) >= 2;
  const veiled = (element) => {
    const { color, backgroundColor, textShadow } = getComputedStyle(element);
    if (element.textContent.trim().length < 3 || element.childElementCount > 20) return false;
    const clear = /rgba\(.*, 0\)$/;
    return (color === backgroundColor && !clear.test(color)) || (clear.test(color) && textShadow !== "none");
  };
  const cover = (control) => {
    const box = boxOf(control);
    if (blurs(control) || veiled(control)) return "cover";
    const inner = all(control).slice(0, 60);
    if (inner.some((one) => blurs(one) || veiled(one))) return "cover";
    for (let at = control, up = 0; at && up < 3; at = parentOf(at), up++) {
      const style = getComputedStyle(at);
      const over = boxOf(at);
      if (style.position !== "absolute" || over.width < 60 || over.height < 24) continue;
      const under = [...(parentOf(at)?.children ?? [])].filter((one) => one !== at && !holds(one, at));
      const hides = /blur/.test(style.backdropFilter) || (!/rgba\(.*, 0(\.[0-7]\d*)?\)$/.test(style.backgroundColor) && style.backgroundColor !== "transparent");
      for (const one of under.flatMap((child) => [child, ...all(child).slice(0, 60)])) {
        const below = boxOf(one);
        const shared = Math.max(0, Math.min(over.right, below.right) - Math.max(over.left, below.left)) * Math.max(0, Math.min(over.bottom, below.bottom) - Math.max(over.top, below.top));
        if (below.width * below.height < 400 || shared < 0.6 * below.width * below.height) continue;
        if (blurs(one) || (hides && letters(labelOf(control)) && (one.textContent.trim() || /^(img|video|canvas)$/.test(one.localName)))) return "cover";
      }
    }
    return box.height > 0 && beside(control);
  };
  // A blurred thing whose control stands before or behind it, both alone in their holder.
  const beside = (control) => {
    const near = [control.previousElementSibling, control.nextElementSibling].filter(Boolean);
    return near.some((one) => blurs(one) || [...one.children].slice(0, 12).some(blurs)) ? "cover" : null;
  };
  const alike = (parent, except) => {
    const groups = new Map();
    for (const child of parent?.children ?? []) {
      if (child === except || /^(p|h\d|img|figure|br|span|a|button|input|script|style|template|b|i|em)$/.test(child.localName)) continue;
      const looks = `${child.localName} ${child.getAttribute("role") ?? ""} ${child.classList[0] ?? ""}`;
      groups.set(looks, [...(groups.get(looks) ?? []), child]);
    }
    const isItem = (one) => (one.childElementCount >= 2 || one.shadowRoot || (one.childElementCount === 1 && one.firstElementChild.childElementCount >= 2)) && textOf(one).length >= 15;
    return [...groups.values()].map((group) => group.filter(isItem)).find((group) => group.length >= 2) ?? null;
  };
  const among = (control) => {
    let at = control;
    for (let up = 0; up < 3 && parentOf(at) && !parentOf(at).matches(POST) && [...parentOf(at).children].filter(seen).length === 1; up++) at = parentOf(at);
    const items = alike(at.parentNode, at) ?? alike(at.previousElementSibling, null) ?? alike(at.nextElementSibling, null);
    if (!items) return null;
    const { top, bottom } = boxOf(at);
    return top >= boxOf(items.at(-1)).bottom - 4 || bottom <= boxOf(items[0]).top + 4 ? "list" : null;
  };
  const belowActions = (control) => {
    const post = closest(control, POST);
    if (!post) return null;
    const top = boxOf(control).top;
    const rows = new Map();
    for (const one of all(post, "button,[role=button],[aria-pressed]")) {
      const box = boxOf(one);
      if (one === control || !box.height || box.bottom > top + 4 || closest(one, POST) !== post || closest(one, "header")) continue;
      const row = Math.round((box.top + box.bottom) / 2 / 14);
      rows.set(row, (rows.get(row) ?? 0) + 1);
    }
    return [...rows.values()].some((count) => count >= 2) ? "replies" : null;
  };
  const spoken = (control) => {
    const tokens = tokensOf(control);
    const text = ` ${plain(labelOf(control))} `;
    const says = words.moreWithin.some((word) => text.includes(/^\p{Script=Latin}/u.test(word) ? ` ${word}` : word));
    return says || words.moreTokens.some((token) => tokens.has(token)) ? "spoken" : null;
  };

  // -- together -------------------------------------------------------------------------------------------------------

  const judge = (control) => {
    if (isControlNo(control) || !seen(control)) return null;
    const box = boxOf(control);
    if (box.width < 2 || box.height < 2 || box.right < 0 || box.left > innerWidth) return null;
    if (isZoneNo(control) || isWordNo(control)) return null;
    const covers = cover(control);
    if (covers) return covers;
    const label = labelOf(control).trim();
    const opens = expanded(control);
    if (opens && control.hasAttribute("aria-controls") && mates(control) <= 1) return opens;
    if (mates(control)) return null;
    if (opens) return opens;
    if (label.length > SMALL || box.height > 120 || !label) return null;
    const kind = truncated(control);
    if (kind) return kind;
    if (!letters(label)) return null;
    if (around(control).some(hiddenText)) return "hidden";
    return among(control) ?? belowActions(control) ?? (closest(control, `${POST},main,section,[role=main],dialog,[role=dialog]`) && spoken(control));
  };
  const candidates = () => {
    body = -1;
    const found = new Set(all(document, CONTROLS));
    let left = SCANNED;
    for (const element of all(document, "span,div,p,img,figure,section")) {
      if (left-- <= 0) break;
      if (!found.has(element) && getComputedStyle(element).cursor === "pointer" && (blurs(element) || veiled(element))) found.add(element);
    }
    return [...found];
  };
  const path = (element) => {
    const parts = [];
    for (let at = element; at && at !== document.documentElement && parts.length < 5; at = parentOf(at)) {
      if (at.id && at.getRootNode() === document) return [`#${CSS.escape(at.id)}`, ...parts].join(" > ");
      const same = [...(at.parentNode?.children ?? [])].filter((one) => one.localName === at.localName);
      parts.unshift(at.localName + (same.length > 1 ? `:nth-of-type(${same.indexOf(at) + 1})` : ""));
    }
    return parts.join(" > ");
  };
  const looks = (control, kind) => `${kind} ${control.localName} ${control.getAttribute("role") ?? ""} ${control.classList[0] ?? ""} ${parentOf(control)?.classList[0] ?? ""}`;
  archiver.folds = { judge, candidates, mates, closest, seen, boxOf, labelOf, path, looks, clipped, cutBeside, cover, alike, isZoneNo, hiddenText, ownText, letters, POST };
}
