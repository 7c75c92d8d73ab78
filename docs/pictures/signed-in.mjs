// node signed-in.mjs DEMO-PORT PORT: passes requests on to a running demo, signed in as head office by its one click.
import { createServer, request } from 'node:http';

const [demo, port] = process.argv.slice(2).map(Number);
const page = await fetch(`http://localhost:${demo}/sign-in`);
const form = page.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ');
const token = /name="__RequestVerificationToken" value="([^"]+)"/.exec(await page.text())[1];
const entered = await fetch(`http://localhost:${demo}/demo/sign-in`, {
  method: 'POST', redirect: 'manual', headers: { cookie: form }, body: new URLSearchParams({ __RequestVerificationToken: token, as: 'hq' }),
});
const session = entered.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ');

createServer((asked, answer) => {
  const cookie = [asked.headers.cookie, session].filter(Boolean).join('; ');
  const passed = request({ port: demo, host: 'localhost', path: asked.url, method: asked.method, headers: { ...asked.headers, cookie } }, given => {
    answer.writeHead(given.statusCode, given.headers);
    given.pipe(answer);
  });
  asked.pipe(passed);
}).listen(port, 'localhost');
