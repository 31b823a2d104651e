/* Marking by keyboard: a caret in a text that nobody can change, and one key to mark what is selected.

   Places are code points of the text as received. A browser counts in UTF-16, so everything is counted anew here,
   and the server looks again whether the selected words stand where they are said to. */
"use strict";

(() => {
  const text = document.getElementById("text");
  const chooser = document.getElementById("chooser");
  if (!text || !chooser || typeof chooser.showModal !== "function") return;
  document.documentElement.classList.add("scripted");

  /* The pieces of the text in order, and its code points; between pieces stand nothing but ends of lines. */
  const pieces = [...text.querySelectorAll("[data-at]")].map((element) => ({
    element,
    at: Number(element.dataset.at),
    end: Number(element.dataset.end),
    sign: element.dataset.sign ? String.fromCodePoint(parseInt(element.dataset.sign.slice(2), 16)) : "",
  }));
  const points = [];
  for (const piece of pieces) {
    while (points.length < piece.at) points.push("\n");
    points.push(...(piece.sign ? [piece.sign] : Array.from(piece.element.textContent)));
  }
  const stops = { grapheme: boundaries("grapheme"), word: boundaries("word") };
  const mark = document.createElement("span");
  mark.className = "caret";
  mark.hidden = true;
  mark.setAttribute("aria-hidden", "true");
  text.append(mark);
  text.tabIndex = 0;
  text.setAttribute("role", "textbox");
  text.setAttribute("aria-multiline", "true");
  text.setAttribute("aria-readonly", "true");

  let anchor = 0, focus = 0, column = null;

  /* Where one may stop, in code points: after each sign as people see them, or at the ends of words. */
  function boundaries(granularity) {
    const found = new Set([0, points.length]);
    const whole = points.join("");
    if (typeof Intl.Segmenter !== "function") {
      points.forEach((point, at) => { if (granularity === "grapheme" || /\s/.test(point)) found.add(at); });
      return [...found].sort((a, b) => a - b);
    }
    let at = 0;
    const words = [];
    for (const part of new Intl.Segmenter(undefined, { granularity }).segment(whole)) {
      const length = Array.from(part.segment).length;
      if (granularity === "grapheme") found.add(at);
      else if (part.isWordLike) { found.add(at); found.add(at + length); words.push([at, at + length]); }
      at += length;
    }
    const sorted = [...found].sort((a, b) => a - b);
    sorted.words = words;
    return sorted;
  }

  const isShown = (piece) => !piece.element.closest("details:not([open])");
  const pieceAt = (at, before) => pieces.find((p) => (before ? p.at < at && at <= p.end : p.at <= at && at < p.end));
  const canStand = (at) => { const p = pieceAt(at, false) || pieceAt(at, true); return !!p && isShown(p); };

  /* From a place in the document to a code point, and back. */
  function fromDocument(node, offset) {
    const own = pieces.find((piece) => piece.element.firstChild === node);
    if (own) return own.sign ? (offset ? own.end : own.at) : own.at + Array.from(node.data.slice(0, offset)).length;
    const here = document.createRange();
    here.setStart(node, offset);
    let last = 0;
    for (const piece of pieces) {
      const there = document.createRange();
      there.selectNodeContents(piece.element);
      if (here.compareBoundaryPoints(Range.START_TO_START, there) <= 0) return piece.at;
      last = piece.end;
    }
    return last;
  }

  function toDocument(at, before) {
    const piece = pieceAt(at, before) || pieceAt(at, !before);
    if (!piece) return [text, 0];
    const node = piece.element.firstChild;
    if (piece.sign) return [node, at > piece.at ? node.length : 0];
    return [node, Array.from(node.data).slice(0, at - piece.at).join("").length];
  }

  function boxOf(at, before) {
    const [node, offset] = toDocument(at, before);
    const range = document.createRange();
    range.setStart(node, offset);
    const boxes = range.getClientRects();
    return boxes.length ? boxes[boxes.length - 1] : node.parentElement.getBoundingClientRect();
  }
  const caretBox = () => boxOf(focus, focus > anchor);

  function show() {
    getSelection().setBaseAndExtent(...toDocument(anchor, anchor > focus), ...toDocument(focus, focus > anchor));
    const box = caretBox(), frame = text.getBoundingClientRect();
    mark.hidden = false;
    mark.style.left = `${box.left - frame.left - text.clientLeft}px`;
    mark.style.top = `${box.top - frame.top - text.clientTop}px`;
    mark.style.height = `${box.height || 20}px`;
    mark.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  function go(at, extend) {
    focus = Math.max(0, Math.min(points.length, at));
    if (!extend) anchor = focus;
    show();
  }

  /* The next place to stop in a direction; what is folded away is stepped over. */
  function next(kind, step) {
    const all = stops[kind];
    const order = step > 0 ? all : [...all].reverse();
    const found = order.find((at) => (step > 0 ? at > focus : at < focus) && canStand(at));
    return found === undefined ? focus : found;
  }

  function lineEnd(step) {
    let at = focus;
    while (at + (step < 0 ? -1 : 0) >= 0 && at < points.length + (step < 0 ? 1 : 0) && points[step < 0 ? at - 1 : at] !== "\n") {
      at += step;
      if (at === 0 || at === points.length) break;
    }
    return at;
  }

  /* A browser finds places only in what it shows: there must be room above and below the caret. */
  function bringIntoView() {
    const { top, bottom } = caretBox(), room = innerHeight / 4;
    if (top < room || bottom > innerHeight - room) scrollBy({ top: top - innerHeight / 2, behavior: "instant" });
  }

  /* The place above or below: the first one in that direction that really stands on another line. */
  function vertical(step) {
    bringIntoView();
    const box = caretBox();
    if (column === null) column = box.left;
    for (let away = 12; away <= 240; away += 12) {
      const y = (step > 0 ? box.bottom : box.top) + step * away;
      const place = document.caretPositionFromPoint
        ? document.caretPositionFromPoint(column, y)
        : document.caretRangeFromPoint && document.caretRangeFromPoint(column, y);
      const node = place && (place.offsetNode || place.startContainer);
      if (!node || !text.contains(node)) continue;
      const at = fromDocument(node, place.offset === undefined ? place.startOffset : place.offset);
      if (canStand(at) && step * (boxOf(at, false).top - box.top) > 4) return at;
    }
    return focus;
  }

  const isRightToLeft = () => {
    const piece = pieceAt(focus, false) || pieceAt(focus, true);
    return !!piece && getComputedStyle(piece.element.closest("p")).direction === "rtl";
  };

  text.addEventListener("keydown", (event) => {
    if (event.target !== text) return;
    const { key, shiftKey: extend } = event;
    const byWord = event.ctrlKey || event.altKey;
    if (key !== "ArrowUp" && key !== "ArrowDown") column = null;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const forward = (key === "ArrowRight") !== isRightToLeft();
      go(next(byWord ? "word" : "grapheme", forward ? 1 : -1), extend);
    } else if (key === "ArrowUp" || key === "ArrowDown") {
      go(vertical(key === "ArrowDown" ? 1 : -1), extend);
    } else if (key === "Home" || key === "End") {
      go(byWord ? (key === "Home" ? 0 : points.length) : lineEnd(key === "Home" ? -1 : 1), extend);
    } else if (key === "m" && !byWord && !event.metaKey) {
      choose();
    } else {
      return;
    }
    event.preventDefault();
  });

  /* Where a pointer has put the focus it also says where the caret belongs: nothing may scroll away under it. */
  let pointing = false;
  text.addEventListener("pointerdown", () => { pointing = true; });
  addEventListener("pointerup", () => { pointing = false; });
  addEventListener("pointercancel", () => { pointing = false; });
  text.addEventListener("focus", () => { if (!pointing && !taken()) show(); });
  text.addEventListener("blur", () => { mark.hidden = true; });
  addEventListener("resize", () => { mark.hidden = true; });

  /* A selection made with a mouse or a finger counts like one made with keys. */
  function taken() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return false;
    anchor = fromDocument(selection.anchorNode, selection.anchorOffset);
    focus = fromDocument(selection.focusNode, selection.focusOffset);
    return true;
  }
  text.addEventListener("pointerup", (event) => {
    if (event.target.closest("summary") || taken()) return;
    const selection = getSelection();
    if (selection.anchorNode && text.contains(selection.anchorNode)) go(fromDocument(selection.anchorNode, selection.anchorOffset), false);
  });

  /* What is selected, without white space around it; else the word at the caret. */
  function selected() {
    let [start, end] = anchor < focus ? [anchor, focus] : [focus, anchor];
    if (start === end) {
      const word = (stops.word.words || []).find(([from, to]) => from <= focus && focus <= to);
      if (!word) return null;
      [start, end] = word;
    }
    while (start < end && /\s/.test(points[start])) start += 1;
    while (start < end && /\s/.test(points[end - 1])) end -= 1;
    return start < end ? { start, end, words: points.slice(start, end).join("") } : null;
  }

  const form = chooser.querySelector("form");
  const likely = JSON.parse(text.dataset.likely).map(([pattern, kind]) => [new RegExp(pattern, "iu"), kind]);

  function choose() {
    const chosen = selected();
    if (!chosen) return;
    for (const name of ["start", "end", "words"]) form.elements[name].value = chosen[name];
    document.getElementById("chosen-words").textContent = chosen.words;
    const kind = document.getElementById("chosen-kind");
    kind.value = likely.find(([pattern]) => pattern.test(chosen.words))[1];
    chooser.showModal();
    kind.focus();
  }

  document.getElementById("chosen-kind").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); form.requestSubmit(); }
  });
  document.getElementById("close-chooser").addEventListener("click", () => chooser.close());
  chooser.addEventListener("close", () => { text.focus(); show(); });
  const button = document.getElementById("mark-selected");
  button.addEventListener("pointerdown", (event) => { taken(); event.preventDefault(); });
  button.addEventListener("click", choose);

  document.getElementById("unfold").addEventListener("click", () => {
    for (const folded of text.querySelectorAll("details")) folded.open = true;
  });

  /* After a mark was made, go on where it stands. The browser looks at the fragment first, and takes the focus away. */
  const here = /^#m([0-9]+)$/.exec(location.hash);
  if (here) addEventListener("load", () => requestAnimationFrame(() => {
    const at = Number(here[1]);
    const piece = pieceAt(at, false);
    const folded = piece && piece.element.closest("details");
    if (folded) folded.open = true;
    anchor = focus = at;
    text.focus();
    show();
  }));
})();
