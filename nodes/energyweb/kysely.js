const waiting = new Map();
let lastId = 0;
let settle;
const database = new Promise((resolve, reject) => { settle = e => e ? reject(e) : resolve(makeDatabase()); });
database.catch(() => {});

function send(query) {
  return new Promise((resolve, reject) => {
    const id = ++lastId;
    waiting.set(id, { resolve, reject });
    node.send({ id, sql: query.sql, params: query.parameters });
  });
}

lockstepSQLite = function (msg) {
  if (msg.op === 'get') { node.send({ db: database, sql }); return; }
  if (msg.op === 'settle') { settle(msg.error); return; }
  const w = waiting.get(msg.id);
  waiting.delete(msg.id);
  if (!w) return;
  if (msg.error) { w.reject(msg.error); return; }
  w.resolve({ rows: msg.rows, changes: msg.changes, last: msg.last });
};

// A piece of SQL: write(out) adds text and parameters.
class Piece {
  constructor(write) { this.write = write; }
  as(name) { return new Piece(o => { this.write(o); o.text(' as ' + quote(name)); }); }
  compile() {
    const parts = [], parameters = [];
    this.write({ text: s => parts.push(s), param: v => { parts.push('?'); parameters.push(v); } });
    return { sql: parts.join(''), parameters };
  }
}
const quote = s => '"' + String(s).replace(/"/g, '""') + '"';
const text = s => new Piece(o => o.text(s));
const isPiece = x => x instanceof Piece || (x && typeof x === 'object' && typeof x.toPiece === 'function');
const piece = x => x instanceof Piece ? x : x.toPiece();
const path = s => String(s).trim().split('.').map(p => p === '*' ? '*' : quote(p)).join('.');
const named = s => { const m = /^(.*?)\s+as\s+(.*)$/i.exec(String(s)); return m ? path(m[1]) + ' as ' + quote(m[2].trim()) : path(s); };
const call = (x, b) => typeof x === 'function' ? call(x(b), b) : x;
const refOf = x => { x = call(x, eb); return isPiece(x) ? wrapped(x) : text(named(x)); };
const wrapped = x => x.toPiece ? new Piece(o => { o.text('('); x.toPiece().write(o); o.text(')'); }) : x;
const valueOf = x => { x = call(x, eb); return isPiece(x) ? wrapped(x) : new Piece(o => o.param(x === undefined ? null : x)); };
const list = (items, between) => new Piece(o => items.forEach((p, i) => { if (i) o.text(between); p.write(o); }));
const arr = x => Array.isArray(x) ? x : [x];
const OPERATORS = new Set(['=', '==', '!=', '<>', '>', '>=', '<', '<=', 'in', 'not in', 'is', 'is not', 'is distinct from', 'is not distinct from', 'like', 'not like', 'match',
  'regexp', 'between', 'glob', '+', '-', '*', '/', '%', '&', '|', '||', '<<', '>>', '->', '->>', 'and', 'or', 'exists', 'not exists', 'not']);
const operator = op => {
  if (isPiece(op)) return piece(op);
  if (!OPERATORS.has(String(op).toLowerCase())) throw new Error('invalid operator ' + JSON.stringify(op));
  return text(String(op));
};

class Tuple extends Piece {}
const tupleOf = items => new Tuple(o => { o.text('('); list(items, ', ').write(o); o.text(')'); });
function right(op, x) {
  x = call(x, eb);
  if (isPiece(x)) return wrapped(x);
  if (Array.isArray(x)) {
    const tuples = x.length > 0 && x.every(e => e instanceof Tuple);
    return new Piece(o => { o.text(tuples ? '(values ' : '('); list(x.map(valueOf), ', ').write(o); o.text(')'); });
  }
  if (x === null && /^is/i.test(op)) return text('null');
  return valueOf(x);
}
const compare = (l, op, r) => new Piece(o => { refOf(l).write(o); o.text(' '); operator(op).write(o); o.text(' '); right(op, r).write(o); });
const joined = (items, word, empty) => {
  if (!Array.isArray(items)) items = Object.entries(items).map(([k, v]) => compare(k, v === null ? 'is' : '=', v));
  if (items.length === 0) return text(empty);
  return new Piece(o => { o.text('('); list(items.map(i => piece(call(i, eb))), ' ' + word + ' ').write(o); o.text(')'); });
};
const fnCall = (name, args) => new Aggregate(o => { o.text(name + '('); list(args, ', ').write(o); o.text(')'); });
class Aggregate extends Piece {
  distinct() { return new Aggregate(o => { const c = this.compile(); let n = 0; o.text(c.sql.replace('(', '(distinct ').split('?')[0]); c.sql.split('?').slice(1).forEach(t => { o.param(c.parameters[n++]); o.text(t); }); }); }
}
function fn(name, args) { return fnCall(String(name), arr(args || []).map(refOf)); }
for (const f of ['count', 'sum', 'avg', 'min', 'max', 'coalesce', 'lower', 'upper', 'total']) fn[f] = (...args) => fnCall(f, args.map(refOf));
fn.countAll = () => fnCall('count', [text('*')]);

const eb = (l, op, r) => compare(l, op, r);
Object.assign(eb, {
  eb, fn,
  ref: s => text(path(s)), val: v => new Piece(o => o.param(v)), lit: v => text(v === null ? 'null' : typeof v === 'number' ? String(v) : "'" + String(v).replace(/'/g, "''") + "'"),
  tuple: (...v) => tupleOf(v.map(valueOf)), refTuple: (...v) => tupleOf(v.map(refOf)),
  and: items => joined(items, 'and', '1'), or: items => joined(items, 'or', '0'),
  not: x => new Piece(o => { o.text('not '); piece(call(x, eb)).write(o); }),
  exists: x => new Piece(o => { o.text('exists '); wrapped(call(x, eb)).write(o); }),
  between: (x, a, b) => new Piece(o => { refOf(x).write(o); o.text(' between '); valueOf(a).write(o); o.text(' and '); valueOf(b).write(o); }),
  selectFrom: t => new Select({ from: arr(t) }),
  case: () => { throw new Error('case() is not available here: use sql'); },
});

// A builder: every method gives a new one.
class Builder {
  constructor(s) { this.s = s; }
  with(more) { return new this.constructor({ ...this.s, ...more }); }
  add(key, ...items) { return this.with({ [key]: [...(this.s[key] || []), ...items] }); }
  condition(key, args) { return args.length === 1 ? piece(call(args[0], eb)) : compare(args[0], args[1], args[2]); }
  where(...args) { return this.add('where', this.condition('where', args)); }
  whereRef(l, op, r) { return this.add('where', new Piece(o => { refOf(l).write(o); o.text(' '); operator(op).write(o); o.text(' '); refOf(r).write(o); })); }
  returning(x) { return this.add('returning', ...arr(call(x, eb)).map(refOf)); }
  returningAll() { return this.add('returning', text('*')); }
  $call(f) { return f(this); }
  $if(yes, f) { return yes ? f(this) : this; }
  $castTo() { return this; }
  compile() { return this.toPiece().compile(); }
  clause(o, word, items, between) { if (items && items.length) { o.text(word); list(items, between).write(o); } }
  tail(o) { this.clause(o, ' where ', this.s.where, ' and '); this.clause(o, ' returning ', this.s.returning, ', '); }
  async run() { return send(this.compile()); }
  async execute() { const r = await this.run(); return this.s.returning ? r.rows : [this.result(r)]; }
  async executeTakeFirst() { return (await this.execute())[0]; }
  async executeTakeFirstOrThrow(e) {
    const first = await this.executeTakeFirst();
    if (first === undefined) throw typeof e === 'function' ? (e.prototype instanceof Error || e === Error ? new e() : e(this)) : new Error('no result');
    return first;
  }
}
class Select extends Builder {
  selectAll(t) { return this.add('select', ...(t === undefined ? [text('*')] : arr(t).map(x => text(quote(x) + '.*')))); }
  select(x) { return this.add('select', ...arr(call(x, eb)).map(refOf)); }
  distinct() { return this.with({ distinct: true }); }
  join(word, t, a, b) {
    const on = typeof a === 'function' ? a(new Join([])).list : [new Piece(o => { refOf(a).write(o); o.text(' = '); refOf(b).write(o); })];
    return this.add('joins', new Piece(o => { o.text(' ' + word + ' '); refOf(t).write(o); o.text(' on '); list(on, ' and ').write(o); }));
  }
  innerJoin(t, a, b) { return this.join('inner join', t, a, b); }
  leftJoin(t, a, b) { return this.join('left join', t, a, b); }
  groupBy(x) { return this.add('group', ...arr(call(x, eb)).map(refOf)); }
  having(...args) { return this.add('having', this.condition('having', args)); }
  orderBy(x, dir) {
    if (Array.isArray(x)) return x.reduce((q, e) => { const [, c, d] = /^(.*?)(?:\s+(asc|desc))?$/i.exec(String(e)); return q.orderBy(c, d); }, this);
    if (typeof x === 'string' && dir === undefined) { const m = /^(.*?)\s+(asc|desc)$/i.exec(x); if (m) return this.orderBy(m[1], m[2]); }
    if (dir !== undefined && !isPiece(dir) && !/^(asc|desc)$/i.test(dir)) throw new Error('invalid order ' + dir);
    return this.add('order', new Piece(o => { refOf(x).write(o); if (isPiece(dir)) { o.text(' '); piece(dir).write(o); } else if (dir) o.text(' ' + dir); }));
  }
  limit(n) { return this.with({ limit: valueOf(n) }); }
  offset(n) { return this.with({ offset: valueOf(n) }); }
  union(q) { return this.add('unions', new Piece(o => { o.text(' union '); call(q, eb).toPiece().write(o); })); }
  unionAll(q) { return this.add('unions', new Piece(o => { o.text(' union all '); call(q, eb).toPiece().write(o); })); }
  as(name) { return new Piece(o => { o.text('('); this.toPiece().write(o); o.text(') as ' + quote(name)); }); }
  toPiece() {
    const s = this.s;
    return new Piece(o => {
      o.text(s.distinct ? 'select distinct ' : 'select ');
      list(s.select || [text('*')], ', ').write(o);
      this.clause(o, ' from ', s.from.map(refOf), ', ');
      (s.joins || []).forEach(j => j.write(o));
      this.clause(o, ' where ', s.where, ' and ');
      this.clause(o, ' group by ', s.group, ', ');
      this.clause(o, ' having ', s.having, ' and ');
      (s.unions || []).forEach(u => u.write(o));
      this.clause(o, ' order by ', s.order, ', ');
      if (s.limit || s.offset) { o.text(' limit '); (s.limit || text('-1')).write(o); }
      if (s.offset) { o.text(' offset '); s.offset.write(o); }
    });
  }
  async execute() { return (await this.run()).rows; }
}
class Join {
  constructor(l) { this.list = l; }
  onRef(l, op, r) { return new Join([...this.list, new Piece(o => { refOf(l).write(o); o.text(' '); operator(op).write(o); o.text(' '); refOf(r).write(o); })]); }
  on(...args) { return new Join([...this.list, args.length === 1 ? piece(call(args[0], eb)) : compare(...args)]); }
}
const assignments = (x, y) => {
  x = y === undefined ? call(x, eb) : { [x]: y };
  return Object.entries(x).filter(([, v]) => v !== undefined).map(([k, v]) => new Piece(o => { o.text(quote(k) + ' = '); valueOf(v).write(o); }));
};
class Conflict {
  constructor(s) { this.s = s; }
  columns(c) { return new Conflict({ ...this.s, columns: [...(this.s.columns || []), ...c] }); }
  column(c) { return this.columns([c]); }
  doNothing() { return new Conflict({ ...this.s, set: null }); }
  doUpdateSet(x) { return new Conflict({ ...this.s, set: assignments(x) }); }
  where(...args) { return new Conflict({ ...this.s, where: [...(this.s.where || []), args.length === 1 ? piece(call(args[0], eb)) : compare(...args)] }); }
  write(o) {
    o.text(' on conflict');
    if (this.s.columns) o.text(' (' + this.s.columns.map(quote).join(', ') + ')');
    if (!this.s.set) { o.text(' do nothing'); return; }
    o.text(' do update set ');
    list(this.s.set, ', ').write(o);
    if (this.s.where) { o.text(' where '); list(this.s.where, ' and ').write(o); }
  }
}
class Insert extends Builder {
  values(v) { return this.with({ rows: arr(call(v, eb)) }); }
  onConflict(f) { return this.with({ conflict: f(new Conflict({})) }); }
  ignore() { return this.with({ word: 'insert or ignore' }); }
  orReplace() { return this.with({ word: 'insert or replace' }); }
  orIgnore() { return this.ignore(); }
  defaultValues() { return this.with({ rows: [] }); }
  result(r) { return { insertId: BigInt(r.last), numInsertedOrUpdatedRows: BigInt(r.changes) }; }
  toPiece() {
    const rows = this.s.rows || [], columns = [];
    for (const row of rows) for (const k of Object.keys(row)) if (row[k] !== undefined && !columns.includes(k)) columns.push(k);
    return new Piece(o => {
      o.text((this.s.word || 'insert') + ' into ' + path(this.s.table));
      if (columns.length === 0) o.text(' default values');
      else {
        o.text(' (' + columns.map(quote).join(', ') + ') values ');
        list(rows.map(row => tupleOf(columns.map(c => row[c] === undefined ? text('null') : valueOf(row[c])))), ', ').write(o);
      }
      if (this.s.conflict) this.s.conflict.write(o);
      this.clause(o, ' returning ', this.s.returning, ', ');
    });
  }
}
class Update extends Builder {
  set(x, y) { return this.add('set', ...assignments(x, y)); }
  result(r) { return { numUpdatedRows: BigInt(r.changes) }; }
  toPiece() { return new Piece(o => { o.text('update ' + path(this.s.table) + ' set '); list(this.s.set || [], ', ').write(o); this.tail(o); }); }
}
class Delete extends Builder {
  result(r) { return { numDeletedRows: BigInt(r.changes) }; }
  toPiece() { return new Piece(o => { o.text('delete from ' + path(this.s.table)); this.tail(o); }); }
}

// sql`…`: values are parameters, pieces and queries stand for themselves.
function sql(strings, ...values) {
  const p = new Piece(o => strings.forEach((s, i) => { o.text(s); if (i < values.length) { const v = values[i]; isPiece(v) ? wrapped(v).write(o) : o.param(v); } }));
  p.execute = async () => { const r = await send(p.compile()); return { rows: r.rows, numAffectedRows: BigInt(r.changes), insertId: BigInt(r.last) }; };
  return p;
}
Object.assign(sql, {
  ref: s => text(path(s)), table: s => text(path(s)), id: (...s) => text(s.map(quote).join('.')), raw: s => text(String(s)), val: eb.val, value: eb.val, lit: eb.lit, literal: eb.lit,
  join: (items, between) => new Piece(o => items.forEach((v, i) => { if (i) (between ? piece(between) : text(', ')).write(o); valueOf(v).write(o); })),
});

function makeDatabase() {
  const db = {
    selectFrom: t => new Select({ from: arr(t) }), insertInto: t => new Insert({ table: t }), replaceInto: t => new Insert({ table: t, word: 'replace' }),
    updateTable: t => new Update({ table: t }), deleteFrom: t => new Delete({ table: t }), fn,
    transaction: () => ({
      execute: async f => {
        await send({ sql: 'begin', parameters: [] });
        try { const out = await f(db); await send({ sql: 'commit', parameters: [] }); return out; } catch (e) { await send({ sql: 'rollback', parameters: [] }); throw e; }
      },
    }),
    executeQuery: async q => { const r = await send(q.compile ? q.compile() : q); return { rows: r.rows }; },
    destroy: async () => {},
  };
  return db;
}
