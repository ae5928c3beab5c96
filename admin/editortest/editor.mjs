// Drives Node-RED's own editor, in a headless Chromium, against a running lockstep:
//   node editor.mjs LOCKSTEP [SCREENSHOT.png]
// LOCKSTEP is the binary; the editor comes from node_modules beside this file.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';

const here = import.meta.dirname;
const [binary, screenshot] = process.argv.slice(2);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-editor-'));
const flows = [
    { id: 't1', type: 'tab', label: 'Greeting' },
    { id: 'i1', type: 'inject', z: 't1', name: 'press me', props: [{ p: 'payload' }], repeat: '', crontab: '', once: false, onceDelay: 0.1, topic: '', payload: 'hello', payloadType: 'str', x: 140, y: 80, wires: [['f1']] },
    { id: 'f1', type: 'function', z: 't1', name: 'upper', func: 'msg.payload = msg.payload.toUpperCase();\nreturn msg;', outputs: 1, timeout: 0, noerr: 0, initialize: '', finalize: '', libs: [], x: 320, y: 80, wires: [['d1']] },
    { id: 'd1', type: 'debug', z: 't1', name: 'out', active: true, tosidebar: true, console: false, tostatus: true, complete: 'payload', targetType: 'msg', statusVal: 'payload', statusType: 'auto', x: 490, y: 80, wires: [] },
];
fs.writeFileSync(path.join(dir, 'flows.json'), JSON.stringify(flows));
fs.writeFileSync(path.join(dir, 'settings.js'), `module.exports = { flowFile: 'flows.json', uiHost: '127.0.0.1', credentialSecret: 'test', editorTheme: { tours: false } };`);

let server;
let log = '';

// start runs lockstep, and gives the address of its admin API.
function start() {
    log = '';
    server = spawn(binary, ['run', '--user-dir', dir, '--port', '0', '--admin', '--editor', here], { stdio: ['ignore', 'pipe', 'pipe'] });
    return new Promise((resolve, reject) => {
        const hear = (data) => {
            log += data;
            const m = /admin API on (http:\S+)/.exec(log);
            if (m && /started \d+ nodes/.test(log)) resolve(m[1]);
        };
        server.stdout.on('data', hear);
        server.stderr.on('data', hear);
        server.on('exit', (code) => reject(new Error(`lockstep ended with ${code}:\n${log}`)));
    });
}

// stop ends it as an interrupt does.
async function stop() {
    server.removeAllListeners('exit');
    const ended = new Promise((done) => server.on('exit', done));
    server.kill('SIGTERM');
    await ended;
}

function check(name, ok, detail = '') {
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok ? '' : ': ' + detail}`);
    if (!ok) throw new Error(name);
}

let browser;
async function run() {
    const url = await start();
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30000);
    const wrong = [];
    // Monaco throws this when a dialog closes soon after its text was set.
    page.on('pageerror', (err) => { if (!err.message.includes('TextModelPart is disposed')) wrong.push('error: ' + err.message); });
    page.on('response', (res) => { if (res.status() >= 400) wrong.push(`${res.status()} ${res.request().method()} ${res.url()}`); });

    await page.goto(url);
    await page.waitForSelector('#d1 .red-ui-flow-node', { state: 'attached' });
    check('the flows show', await page.locator('.red-ui-flow-node-group').count() === 3);
    check('all types are known', !(await page.evaluate(() => { let bad = 0; RED.nodes.eachNode((n) => { if (n.type === 'unknown') bad++; }); return bad; })));
    const palette = await page.locator('.red-ui-palette-node').count();
    check('the palette is full', palette > 40, `${palette} nodes`);

    await page.evaluate(() => RED.sidebar.show('debug'));
    await page.locator('#i1 .red-ui-flow-node-button-button').click();
    await page.waitForSelector('.red-ui-debug-msg-payload >> text=HELLO');
    check('the button of an inject node works and its message is in the sidebar', true);
    await page.waitForFunction(() => document.querySelector('#d1 .red-ui-flow-node-status-label')?.textContent === 'HELLO');
    check('the status shows under the node', true);

    // Edit the function in its dialog, as a person does.
    await page.evaluate(() => RED.editor.edit(RED.nodes.node('f1')));
    await page.waitForSelector('#node-input-func-editor .monaco-editor, #node-input-func-editor .ace_editor');
    await page.waitForTimeout(500); // the dialog slides in
    await page.evaluate(() => window.monaco.editor.getEditors().find((e) => e.getValue().includes('toUpperCase')).setValue('msg.payload = msg.payload + " world";\nreturn msg;'));
    await page.locator('#node-dialog-ok').click();
    await page.waitForFunction(() => RED.nodes.node('f1').func.includes('world') && RED.nodes.dirty());
    await page.waitForTimeout(500); // the dialog slides out
    const answer = page.waitForResponse((r) => r.url().endsWith('/flows') && r.request().method() === 'POST');
    await page.locator('#red-ui-header-button-deploy').click();
    check('the deploy is taken', (await answer).status() === 200);
    await page.waitForFunction(() => !RED.nodes.dirty());
    await page.locator('#i1 .red-ui-flow-node-button-button').click();
    await page.waitForSelector('.red-ui-debug-msg-payload >> text=hello world');
    check('a changed function is deployed and takes effect', true);
    check('the flow file has it', fs.readFileSync(path.join(dir, 'flows.json'), 'utf8').includes('world'));

    // Switch the debug node off and on with its button.
    const off = page.waitForResponse((r) => r.url().includes('/debug/') && r.request().method() === 'POST');
    await page.locator('#d1 .red-ui-flow-node-button-button').click();
    check('the button of a debug node switches it off', (await off).status() === 201);
    const on = page.waitForResponse((r) => r.url().includes('/debug/') && r.request().method() === 'POST');
    await page.locator('#d1 .red-ui-flow-node-button-button').click();
    check('and on', (await on).status() === 200);

    await page.reload();
    await page.waitForSelector('#d1 .red-ui-flow-node', { state: 'attached' });
    check('after a reload the editor shows what was deployed', await page.evaluate(() => RED.nodes.node('f1').func.includes('world')));
    await page.waitForFunction(() => document.querySelector('#d1 .red-ui-flow-node-status-label')?.textContent === 'hello world');
    check('a retained status shows after a reload', true);

    await page.locator('#i1 .red-ui-flow-node-button-button').click();
    await page.waitForSelector('.red-ui-debug-msg-payload >> text=hello world');
    if (screenshot) await page.screenshot({ path: screenshot });
    check('no request and no script failed', wrong.length === 0, wrong.join('\n'));

    const before = Date.now();
    await stop();
    check('it ends while an editor is connected', Date.now() - before < 5000, `${Date.now() - before} ms`);
    await page.close();
    await login();
}

// login uses the editor with users.
async function login() {
    fs.writeFileSync(path.join(dir, 'settings.js'), `module.exports = { flowFile: 'flows.json', uiHost: '127.0.0.1', credentialSecret: 'test', editorTheme: { tours: false },
        adminAuth: { type: 'credentials', users: [{ username: 'ann', password: '$2b$04$D8bjx8y27bFe2IrRGm0BE.M4sKQh.h02PMhiHLau846CQYHPnBAWW', permissions: '*' }] } };`);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30000);
    await page.goto(await start());
    await page.locator('#node-dialog-login-username').fill('ann');
    await page.locator('#node-dialog-login-password').fill('wrong');
    await page.locator('#node-dialog-login-submit').click();
    await page.waitForSelector('#node-dialog-login-failed', { state: 'visible' });
    check('a wrong password is refused', true);
    await page.locator('#node-dialog-login-password').fill('test');
    await page.locator('#node-dialog-login-submit').click();
    await page.waitForSelector('#d1 .red-ui-flow-node', { state: 'attached' });
    await page.locator('#i1 .red-ui-flow-node-button-button').click();
    await page.waitForFunction(() => document.querySelector('#d1 .red-ui-flow-node-status-label')?.textContent === 'hello world');
    check('after a login the editor works and hears', true);
    check('the session is kept', fs.readFileSync(path.join(dir, '.sessions.json'), 'utf8').includes('"user":"ann"'));
}

let failed = false;
try {
    await run();
} catch (err) {
    failed = true;
    console.error(String(err.stack || err) + '\n--- lockstep:\n' + log);
} finally {
    await browser?.close();
    if (server.exitCode === null && server.signalCode === null) await stop();
    fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
