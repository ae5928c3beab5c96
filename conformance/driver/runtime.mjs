// One real Node-RED in this process: started once, its flows replaced for every load.

import { createRequire } from 'node:module';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

const here = import.meta.dirname;

// home finds the node-red package: NODE_RED_HOME (the package or the folder it is installed in),
// else the driver's own node_modules.
const home = () => {
  const roots = process.env.NODE_RED_HOME
    ? [process.env.NODE_RED_HOME, path.join(process.env.NODE_RED_HOME, 'node-red'), path.join(process.env.NODE_RED_HOME, 'node_modules', 'node-red')]
    : [path.join(here, 'node_modules', 'node-red')];
  const found = roots.find((r) => {
    try { return JSON.parse(fs.readFileSync(path.join(r, 'package.json'), 'utf8')).name === 'node-red'; } catch { return false; }
  });
  if (!found) throw new Error(`node-red not found in ${roots.join(', ')}; set NODE_RED_HOME or run npm install in the driver's folder`);
  return found;
};

const requireFrom = createRequire(path.join(home(), 'package.json'));
const util = requireFrom('@node-red/util');

// Texts are their bare catalogue keys. This must be in place before anything else is required.
const bareKey = (key) => String(key).replace(/^[^:\s]+:(?=\S)/, '');
util.i18n._ = bareKey;
util.log._ = bareKey;

export const Node = requireFrom('@node-red/runtime/lib/nodes/Node');
const nodes = requireFrom('@node-red/runtime/lib/nodes');
export const flows = requireFrom('@node-red/runtime/lib/flows');
export const context = requireFrom('@node-red/runtime/lib/nodes/context');
export const credentials = requireFrom('@node-red/runtime/lib/nodes/credentials');
export const events = util.events;
export const version = requireFrom('./package.json').version;

// What a node was configured with, after environment substitution, and in which load it was made.
const configs = new WeakMap();
const births = new WeakMap();
let loads = 0;
const createNode = nodes.createNode;
nodes.createNode = (node, def) => {
  configs.set(node, JSON.parse(JSON.stringify(def)));
  births.set(node, loads);
  return createNode(node, def);
};
export const configOf = (node) => configs.get(node);
export const newLoad = () => { loads++; };

// isStale tells whether a node was left over by an earlier load. Some of Node-RED's nodes forget to
// clear a timer when they are closed; it must not be heard, nor send, in a later case.
export const isStale = (node) => {
  if (!births.has(node)) births.set(node, loads);
  return births.get(node) !== loads;
};

// Settings that a load may change. Nodes see a setting only if it is there when Node-RED starts,
// so all of them are, with the value undefined.
const changeable = [
  'nodeMessageBufferMaxLength', 'functionTimeout', 'globalFunctionTimeout', 'functionExternalModules',
  'fileWorkingDirectory', 'httpRequestTimeout', 'tcpMsgQueueSize', 'functionGlobalContext', 'contextStorage',
  'envVarExcludes', 'mqttReconnectTime', 'serialReconnectTime', 'socketReconnectTime', 'socketTimeout',
  'execMaxBufferSize', 'httpNodeCors', 'httpNodeMiddleware', 'webSocketNodeVerifyClient', 'apiMaxLength',
  'debugUseColors', 'jsonMaxLength', 'exportGlobalContextKeys', 'functionTracingEnabled', 'disableContextClean',
];

const storage = () => {
  const state = { flows: [], credentials: {}, settings: {}, sessions: {} };
  const store = (name) => async (v) => { state[name] = v; };
  return {
    init: async () => {},
    getFlows: async () => state.flows, saveFlows: store('flows'),
    getCredentials: async () => state.credentials, saveCredentials: store('credentials'),
    getSettings: async () => state.settings, saveSettings: store('settings'),
    getSessions: async () => state.sessions, saveSessions: store('sessions'),
    getLibraryEntry: async () => [], saveLibraryEntry: async () => {},
  };
};

const listen = (server) => new Promise((resolve, reject) => {
  server.on('error', reject);
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
});

export const once = (name, wanted = () => true) => new Promise((resolve) => {
  const seen = (e) => { if (wanted(e)) { events.off(name, seen); resolve(e); } };
  events.on(name, seen);
});

export const userDir = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-judge-'));

export const settings = {
  ...Object.fromEntries(changeable.map((k) => [k, undefined])),
  userDir,
  storageModule: storage(),
  httpAdminRoot: '/',
  httpNodeRoot: '/',
  disableEditor: true,
  credentialSecret: 'conformance',
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
  runtimeState: { enabled: false, ui: false },
  diagnostics: { enabled: false, ui: false },
};
const defaults = { ...settings };

// changeSettings sets and deletes settings of the running Node-RED.
export const changeSettings = (set = {}, remove = []) => {
  for (const k of remove) settings[k] = defaults[k];
  Object.assign(settings, set);
};

export const resetSettings = () => {
  for (const k of Object.keys(settings)) if (!(k in defaults)) delete settings[k];
  Object.assign(settings, defaults);
};

// boot starts Node-RED without flows. onLog gets every log entry.
export const boot = async (onLog) => {
  settings.logging = { drive: { level: 'trace', metrics: false, audit: false, handler: () => onLog } };
  defaults.logging = settings.logging;
  const RED = requireFrom('./lib/red.js');
  const express = requireFrom('express');
  const app = express();
  const server = http.createServer((q, s) => app(q, s));
  RED.init(server, settings);
  app.use('/', RED.httpNode);
  const adminApp = express();
  adminApp.use('/', RED.httpAdmin);
  const url = await listen(server);
  const admin = await listen(http.createServer((q, s) => adminApp(q, s)));
  const up = once('flows:started');
  await RED.start();
  await up;
  function Helper(n) {
    nodes.createNode(this, n);
    this.on('input', () => {});
  }
  nodes.registerType('drive/helper', 'helper', Helper);
  await flows.stopFlows();
  return { url, admin };
};
