// Calango as a peer in a harness that measures chat servers: { name, port, cmd, env, page, readySelector, setup, user, turn, seed? }.
// CALANGO_SERVER is the folder with the published server, CALANGO_UPSTREAM the model's address.
import { mkdtempSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';

const port = 9310;
const upstream = process.env.CALANGO_UPSTREAM ?? 'http://127.0.0.1:9101/v1';
const server = process.env.CALANGO_SERVER ?? new URL('../../artifacts/server', import.meta.url).pathname;
const form = (values) => new URLSearchParams(values).toString();

export default {
  name: 'calango',
  port,
  page: '/',
  readySelector: '#composer-text',
  convSelector: '.message--answer',
  cmd: [`${server}/Calango.Web`],
  cwd: server,
  env: { CALANGO_DATA: mkdtempSync(`${tmpdir()}/calango-peer-`), CALANGO_URLS: `http://127.0.0.1:${port}` },

  async setup(http) {
    const page = await http.req({ path: '/' });
    const cookie = [page.headers['set-cookie']].flat().map((line) => line.split(';')[0]).join('; ');
    const token = /name="csrf" content="([^"]+)"/.exec(page.body)[1];
    const headers = { cookie, 'x-csrf': token, 'content-type': 'application/x-www-form-urlencoded' };
    const added = await http.req({
      method: 'POST', path: '/models/connections/new', headers,
      body: form({
        ProviderId: 'openai-compatible', PresetId: 'openai', Name: 'Bench', 'Values[address]': upstream, 'Values[apiKey]': 'sk-bench',
        FirstTokenSeconds: 60, BetweenTokensSeconds: 60, WholeTurnSeconds: 1800,
      }),
    });
    if (added.status >= 400) throw new Error(`connection ${added.status}`);
    // The other servers ask the model nothing but what was asked of them; and a question that is held would hold its title, too.
    const untitled = await http.req({ method: 'PUT', path: '/models/titles', headers: { ...headers, 'hx-request': 'true' }, body: form({ Mode: 'Off' }) });
    if (untitled.status !== 200) throw new Error(`titles ${untitled.status}`);
    const model = decodeURIComponent(/[0-9a-f]{32}%2Ffake/.exec((await http.req({ path: '/models/picker' })).body)[0]);
    return { cookie, model, headers: { ...headers, 'hx-request': 'true' } };
  },

  async user() {
    return { path: '/messages' };
  },

  async turn(http, context, user, prompt, onData) {
    const sent = await http.req({
      method: 'POST', path: user.path, headers: context.headers,
      body: form({ Text: prompt, ClientMessageId: randomUUID(), Model: context.model }),
    });
    if (sent.status !== 200) throw new Error(`send ${sent.status}`);
    if (sent.headers['hx-push-url']) user.path = `${sent.headers['hx-push-url']}/messages`;
    const events = /sse-connect="([^"]+)"/.exec(sent.body);
    // What had come when it was rendered is in it: the first tokens often, a short answer whole.
    onData(Buffer.from(sent.body));
    if (!events) return;
    const read = await http.stream({ path: events[1], headers: { cookie: context.cookie, accept: 'text/event-stream' } }, onData);
    if (read.status !== 200) throw new Error(`stream ${read.status}`);
  },

  async seed(http, context, messages) {
    const user = { path: '/messages' };
    for (let sent = 0; sent < messages; sent += 2) await this.turn(http, context, user, `question ${sent} [[n=60 r=0]]`, () => {});
    return { path: user.path.replace(/\/messages$/, '') };
  },
};
