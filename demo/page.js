// Shows what the server sends: the parts of the live page that changed, and none
// while the mouse is down, so that a click meets what it was meant for.
const live = document.getElementById('live');
const events = new EventSource('/live' + location.search);
let held = null;
let down = false;

function show(text) {
    if (down) {
        held = text;
        return;
    }
    const fresh = document.createElement('template');
    fresh.innerHTML = text;
    const now = [...live.children];
    const next = [...fresh.content.children];
    if (now.length !== next.length) {
        live.replaceChildren(...next);
        return;
    }
    next.forEach((part, i) => {
        if (part.outerHTML !== now[i].outerHTML) now[i].replaceWith(part);
    });
}

events.onmessage = (e) => {
    document.body.classList.remove('gone');
    show(e.data);
};
events.onerror = () => document.body.classList.add('gone');
addEventListener('pointerdown', () => { down = true; });
for (const end of ['pointerup', 'pointercancel']) {
    addEventListener(end, () => setTimeout(() => {
        down = false;
        if (held !== null) show(held);
        held = null;
    }));
}
