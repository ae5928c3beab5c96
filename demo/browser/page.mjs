// Looks at the page of `lockstep devnet --workers 5 --faulty 1` in a headless Chromium:
//   node page.mjs LOCKSTEP [SCREENSHOT.png]
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';

const [binary, screenshot] = process.argv.slice(2);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-page-'));
let server;
let log = '';

// start runs the network, and gives the address of its page.
function start() {
    server = spawn(binary, ['devnet', '--workers', '5', '--faulty', '1', '--page', '127.0.0.1:0', '--listen', '127.0.0.1:0', '--json'],
        { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: dir } });
    return new Promise((resolve, reject) => {
        let out = '';
        server.stdout.on('data', (data) => {
            out += data;
            if (out.includes('\n')) resolve(JSON.parse(out).page);
        });
        server.stderr.on('data', (data) => { log += data; });
        server.on('exit', (code) => reject(new Error(`lockstep ended with ${code}:\n${log}`)));
    });
}

function check(name, ok, detail = '') {
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok ? '' : ': ' + detail}`);
    if (!ok) throw new Error(name);
}

const results = (cells) => cells.map((c) => c.title.match(/0x[0-9a-f]{64}/)[0]);

let browser;
async function run() {
    const url = await start();
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 1400 }, acceptDownloads: true });
    page.setDefaultTimeout(60000);
    const wrong = [];
    page.on('pageerror', (err) => wrong.push('error: ' + err.message));
    page.on('console', (m) => { if (m.type() === 'error') wrong.push('console: ' + m.text()); });
    page.on('request', (r) => { if (!r.url().startsWith(url) && !r.url().startsWith('data:')) wrong.push('asks ' + r.url()); });
    page.on('response', (r) => { if (r.status() >= 400) wrong.push(`${r.status()} ${r.url()}`); });

    await page.goto(url);
    check('the page says what it is', (await page.locator('h1').textContent()) === '5 workers, one answer');
    let loads = 0;
    page.on('load', () => loads++);

    // A round opens, votes arrive, it settles, and all of it shows by itself.
    const settled = page.locator('tr:has(.state.settled)').last();
    await page.waitForFunction(() => document.querySelector('.state.open'));
    check('a round opens', true);
    await page.waitForFunction(() => [...document.querySelectorAll('tr')].some((r) => r.querySelectorAll('a.hash').length === 5));
    check('five votes arrive', true);
    await settled.waitFor();
    const cells = await settled.locator('a.hash').evaluateAll((list) => list.map((a) => ({ title: a.title, className: a.className, href: a.href })));
    const hashes = results(cells);
    check('four hashes agree and the fifth differs', new Set(hashes.slice(0, 4)).size === 1 && hashes[4] !== hashes[0] && cells[4].className.includes('differ') && cells[0].className.includes('agree'), JSON.stringify(cells));
    await page.waitForFunction(() => /of .* kWh, .* %/.test([...document.querySelectorAll('tr')].filter((r) => r.querySelector('.state.settled')).at(-1).textContent));
    check('the business system has its report', /of .* kWh, .* %/.test(await settled.textContent()), await settled.textContent());
    check('without a reload', loads === 0);

    // Rewards come at the end of a period.
    await page.waitForFunction(() => {
        const rows = [...document.querySelectorAll('section:nth-of-type(2) tr')].slice(1).map((r) => r.lastElementChild.textContent);
        return rows.length === 5 && rows.slice(0, 4).every((t) => parseFloat(t) > 0);
    });
    const earned = await page.locator('section:nth-of-type(2) tr td:last-child').allTextContents();
    check('the honest workers earn by their votes', earned.slice(0, 4).every((t) => parseFloat(t) > 0), earned.join());
    check('the liar does not', parseFloat(earned[4]) === 0, earned.join());

    check('the flow is drawn with counts', await page.locator('svg').count() === 1 && /\d/.test(await page.locator('svg').textContent()));
    if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });

    await settled.locator('a.hash').first().click();
    await page.waitForSelector('h1:has-text("Vote of worker 1")');
    const states = await page.locator('section').first().locator('tr').allTextContents();
    check('the receipt of an honest vote holds', await page.locator('section .failed').count() === 0 && await page.locator('section .ok').count() >= 5, states.join('\n'));
    const download = page.waitForEvent('download');
    await page.locator('a[href$=".zip"]').click();
    const zip = path.join(dir, 'files.zip');
    await (await download).saveAs(zip);
    check('the receipt can be downloaded', fs.readFileSync(zip).subarray(0, 2).toString() === 'PK');
    fs.rmSync(zip);
    await page.goto(cells[4].href);
    check('that of the liar does not', await page.locator('section .failed').count() > 0 && (await page.textContent('header')).includes('not what the published flow gives'));
    if (screenshot) await page.screenshot({ path: screenshot.replace(/\.png$/, '-receipt.png'), fullPage: true });

    await page.goto(url + '/?worker=5');
    await page.waitForSelector('h2:has-text("The flow of worker 5")');
    check('the flow of another worker can be seen', await page.locator('.tabs a.on').textContent() === 'worker 5');

    const plain = await browser.newContext({ javaScriptEnabled: false });
    const bare = await plain.newPage();
    await bare.goto(url);
    check('it works without a script', await bare.locator('a.hash').count() > 4);
    check('nothing failed, nothing outside was asked', wrong.length === 0, wrong.join('\n'));
    await browser.close();
    browser = undefined;

    server.removeAllListeners('exit');
    const ended = new Promise((done) => server.on('exit', (code) => done(code)));
    server.kill('SIGINT');
    check('an interrupt ends it', (await ended) === 0, log);
    check('it leaves nothing behind', fs.readdirSync(dir).filter((f) => f.startsWith('lockstep')).length === 0, fs.readdirSync(dir).join());
}

try {
    await run();
} catch (err) {
    console.error(err.message);
    console.error(log);
    process.exitCode = 1;
} finally {
    await browser?.close();
    server?.kill('SIGKILL');
    fs.rmSync(dir, { recursive: true, force: true });
}
