/* Answers the pages of a draft while there is no line: with empty forms, the same for everybody. What belongs into
   them is not here. With a line, everything goes through unchanged. */
"use strict";

const CACHE = "parallax-away-1";
const OF_ONE = { people: "person", grounds: "ground", network: "suspect" };
const SHEETS = ["what", "route", "offer", "leads", "indicators", "narrative", "source", ...Object.values(OF_ONE)];
const ASIDE = "none";
const FILES = ["desk.css", "desk.js", "post.css", "post.js", "post-away.js"].map((name) => `/static/${name}`);
const blank = (name) => `/post/blank/${name}`;

self.addEventListener("install", (event) => {
  const pages = [...SHEETS, ASIDE].map(blank);
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...pages, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

function nameOf(path) {
  const [, , , step, code, more] = path.split("/");
  const name = code ? OF_ONE[step] : step;
  return !more && SHEETS.includes(name) ? name : ASIDE;
}

async function kept(path) {
  const cache = await caches.open(CACHE);
  return await cache.match(path, { ignoreVary: true }) ?? Response.error();
}

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => kept(blank(nameOf(pathname)))));
  } else if (FILES.includes(pathname)) {
    event.respondWith(fetch(event.request).catch(() => kept(pathname)));
  }
});
