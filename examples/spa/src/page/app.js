"use strict";

// The access token lives in this variable and nowhere else: not in localStorage, not in sessionStorage. A reload
// forgets it. The refresh token is in an HttpOnly cookie, which no script can read, this one neither.
let access = null;

const element = (id) => document.getElementById(id);

// The CSRF cookie is there to be read: a page of another site cannot, so it cannot repeat its value.
function csrfToken() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
  return found ? found[1] : "";
}

function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function logIn(username, password) {
  const answer = await post("/api/token/", { username, password });
  const body = await answer.json();
  access = answer.ok ? body.access : null;
  return answer.ok ? "" : body.detail;
}

// Many calls may find the token expired at once; one refresh is enough for all of them.
let refreshing = null;

function refresh() {
  refreshing ??= renew().finally(() => { refreshing = null; });
  return refreshing;
}

async function renew() {
  const answer = await post("/api/token/refresh/", {});
  // 401 and 403 end the login; anything else is a bad moment, and the refresh cookie is as good as before.
  if (!answer.ok && answer.status !== 401 && answer.status !== 403) throw new Error("The server is busy. Try again.");
  access = answer.ok ? (await answer.json()).access : null;
  return answer.ok;
}

// A call to the API; where the access token has expired, once more with a new one.
async function call(path) {
  const ask = () => fetch(path, { headers: { Authorization: `Bearer ${access}` } });
  const answer = await ask();
  if (answer.status !== 401 || !(await refresh())) return answer;
  return ask();
}

async function logOut() {
  // A refresh that is under way would bring an access token back.
  await refreshing?.catch(() => {});
  const answer = await post("/api/token/blacklist/", {});
  // 401: there was nothing left to log out of.
  if (!answer.ok && answer.status !== 401) throw new Error("Log out failed. Try again.");
  access = null;
}

function show(name, message = "") {
  element("login").hidden = name !== "login";
  element("profile").hidden = name !== "profile";
  element("message").textContent = message;
}

async function showProfile() {
  const answer = await call("/api/profile/");
  if (answer.status === 401) return show("login", "Your login has ended.");
  if (!answer.ok) throw new Error("The server is busy. Try again.");
  const profile = await answer.json();
  element("username").textContent = profile.username;
  element("email").textContent = profile.email;
  show("profile");
}

// Whatever goes wrong is told in the page.
function run(action) {
  return action().catch((error) => { element("message").textContent = error.message; });
}

element("login").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  run(async () => {
    const problem = await logIn(form.username.value, form.password.value);
    form.password.value = "";
    return problem ? show("login", problem) : showProfile();
  });
});
element("again").addEventListener("click", () => run(showProfile));
element("logout").addEventListener("click", () => run(async () => {
  await logOut();
  show("login", "You are logged out.");
}));

// A reload: whoever has a CSRF cookie has been here, and the refresh cookie tells the rest.
run(async () => (csrfToken() && await refresh() ? showProfile() : show("login")));
