// Makes codepages.txt and encodings.json with iconv-lite 0.7.3, the version of
// Node-RED 5.0.7: node encodings.mjs FOLDER/node_modules/iconv-lite
import {createRequire} from 'node:module';
import {writeFileSync} from 'node:fs';
const iconv = createRequire(import.meta.url)(process.argv[2]);
iconv.encodingExists('utf8');
const here = new URL('.', import.meta.url).pathname;

const ascii = Array.from({length: 128}, (_, i) => String.fromCharCode(i)).join('');
const pages = new Map();
for (const name of Object.keys(iconv.encodings)) {
  let codec;
  try { codec = iconv.getCodec(name); } catch { continue; }
  if (name.startsWith('_') || codec.constructor.name !== 'SBCSCodec') continue;
  let chars = '';
  for (let i = 0; i < 256; i++) chars += iconv.decode(Buffer.from([i]), name);
  if (chars.startsWith(ascii)) chars = chars.slice(128);
  pages.set(chars, [...(pages.get(chars) || []), name]);
}
const escaped = s => JSON.stringify(s).slice(1, -1)
  .replace(/[\u007f-\u00ad\u0300-\u036f\u0600-\u06ff\u0590-\u05ff\u200c-\u200f\u2028\u2029\ue000-\uf8ff\ufeff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
writeFileSync(here + '../codepages.txt', [...pages].map(([chars, names]) => names.join(',') + '\t' + escaped(chars) + '\n').join(''));

// The names of the list in Node-RED's editor, and some that msg.encoding may bring.
const names = `utf8 ucs2 utf-16le ascii binary base64 hex utf-16be Shift_JIS Windows-31j Windows932 EUC-JP GB2312 GBK GB18030 Windows936
EUC-CN KS_C_5601 Windows949 EUC-KR Big5 Big5-HKSCS Windows950 cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
ISO-8859-1 ISO-8859-2 ISO-8859-3 ISO-8859-4 ISO-8859-5 ISO-8859-6 ISO-8859-7 ISO-8859-8 ISO-8859-9 ISO-8859-10 ISO-8859-11 ISO-8859-12
ISO-8859-13 ISO-8859-14 ISO-8859-15 ISO-8859-16 cp437 cp737 cp775 cp808 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp866 cp869 cp922
cp1046 cp1124 cp1125 cp1129 cp1133 cp1161 cp1162 cp1163 maccroatian maccyrillic macgreek maciceland macroman macromania macthai macturkish
macukraine maccenteuro macintosh koi8-r koi8-u koi8-ru koi8-t armscii8 rk1048 tcvn georgianacademy georgianps pt154 viscii iso646cn iso646jp
hproman8 tis620 latin1 utf16 UTF-8 ISO_8859-1:1987 l2 win1252 nonsense`.split(/\s+/);
const texts = ['plain ASCII ~\\', 'Grüße, ñandú €5 “q”', 'Привет Ґ', 'Γειά σου', 'שלום', 'سلام', 'สวัสดี', 'こんにちは カタカナ ｱ 日本語 ～−', '你好 简体 繁體 、', '안녕 한글 똠',
  'ĄČĘėŽ őű ţș', 'Ẽ ạ ₫ đ', '😀 x', '\ud83d lone', '\ufeffmark', 'ﬁ ½ ─│┌ ░ ■', '68656c6c6f', 'aGVsbG8='];
const bytes = [Buffer.from(ascii, 'latin1'), Buffer.from(Array.from({length: 128}, (_, i) => i + 128)), Buffer.from([0xef, 0xbb, 0xbf, 0x61]),
  Buffer.from([0xff, 0xfe, 0x61, 0]), Buffer.from([0xfe, 0xff, 0, 0x61]), Buffer.from([0x61]), Buffer.from([])];
const out = {};
for (const name of names) {
  const one = out[name] = {};
  try {
    one.encode = texts.map(t => iconv.encode(t, name).toString('hex'));
    const dbcs = iconv.getCodec(name).constructor.name === 'DBCSCodec';
    const inputs = [...bytes.filter((_, i) => i !== 1 || !dbcs), ...texts.map(t => iconv.encode(t, name))];
    one.decode = inputs.filter((b, i) => !dbcs || i === 0 || i >= bytes.length - 3).map(b => [b.toString('hex'), iconv.decode(b, name)]);
  } catch (e) {
    one.error = e.message;
  }
}
writeFileSync(here + 'encodings.json', JSON.stringify({texts, names: out}, null, 0).replace(/\},"/g, '},\n"') + '\n');
