// Runs the Slack emulator on the loopback until standard input closes: node serve.mjs INSTALL_DIR PORT < orders > answers
//
// Orders are lines: a JSON seed starts the emulator afresh on the same port. Each is answered by one line of JSON.
// A fresh emulator, rather than its reset(): that one keeps counting towards a hidden 5,000 requests an hour and token.
import http from "node:http";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [installed, port] = [resolve(process.argv[2]), Number(process.argv[3])];

// The emulator listens on every address; this keeps it on the loopback, and keeps hold of the server to cut idle clients off.
let server;
const listen = http.Server.prototype.listen;
http.Server.prototype.listen = function (wanted) {
  server = this;
  return listen.call(this, { port: wanted, host: "127.0.0.1" });
};

const { createEmulator } = await import(pathToFileURL(join(installed, "node_modules/emulate/dist/api.js")).href);

async function start(seed) {
  await createEmulator({ service: "slack", port, seed, baseUrl: `http://127.0.0.1:${port}` });
  if (!server.listening) {
    await new Promise((done, failed) => server.once("listening", done).once("error", failed));
  }
}

async function stop() {
  if (!server) return;
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}

for await (const order of createInterface({ input: process.stdin })) {
  try {
    await stop();
    await start(JSON.parse(order));
    console.log(JSON.stringify({ port }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
process.exit(0);
