// Writes properties.txt, the Unicode properties of regular expressions as this
// Node.js knows them: node properties.mjs > properties.txt
// A line is: kind, names, a tab, ranges as base-36 pairs (gap since the last range,
// length less one).
const scripts = `Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali
Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian
Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret
Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian
Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo
Hatran Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian
Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki
Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam
Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive
Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari
New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic
Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya
Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic
Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo
Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut
Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi
Zanabazar_Square Garay Gurung_Khema Kirat_Rai Ol_Onal Sunuwar Todhri Tulu_Tigalari Sidetic Tolong_Siki Beria_Erfe Tai_Yo Kawi Nag_Mundari`.split(/\s+/);
const categories = `C Other,Cc Control cntrl,Cf Format,Cn Unassigned,Co Private_Use,Cs Surrogate,L Letter,LC Cased_Letter,
Ll Lowercase_Letter,Lm Modifier_Letter,Lo Other_Letter,Lt Titlecase_Letter,Lu Uppercase_Letter,M Mark Combining_Mark,
Mc Spacing_Mark,Me Enclosing_Mark,Mn Nonspacing_Mark,N Number,Nd Decimal_Number digit,Nl Letter_Number,No Other_Number,
P Punctuation punct,Pc Connector_Punctuation,Pd Dash_Punctuation,Pe Close_Punctuation,Pf Final_Punctuation,
Pi Initial_Punctuation,Po Other_Punctuation,Ps Open_Punctuation,S Symbol,Sc Currency_Symbol,Sk Modifier_Symbol,
Sm Math_Symbol,So Other_Symbol,Z Separator,Zl Line_Separator,Zp Paragraph_Separator,Zs Space_Separator`.split(/,\s*/);
const binaries = `ASCII,ASCII_Hex_Digit AHex,Alphabetic Alpha,Any,Assigned,Bidi_Control Bidi_C,Bidi_Mirrored Bidi_M,
Case_Ignorable CI,Cased,Changes_When_Casefolded CWCF,Changes_When_Casemapped CWCM,Changes_When_Lowercased CWL,
Changes_When_NFKC_Casefolded CWKCF,Changes_When_Titlecased CWT,Changes_When_Uppercased CWU,Dash,
Default_Ignorable_Code_Point DI,Deprecated Dep,Diacritic Dia,Emoji,Emoji_Component EComp,Emoji_Modifier EMod,
Emoji_Modifier_Base EBase,Emoji_Presentation EPres,Extended_Pictographic ExtPict,Extender Ext,Grapheme_Base Gr_Base,
Grapheme_Extend Gr_Ext,Hex_Digit Hex,IDS_Binary_Operator IDSB,IDS_Trinary_Operator IDST,ID_Continue IDC,ID_Start IDS,
Ideographic Ideo,Join_Control Join_C,Logical_Order_Exception LOE,Lowercase Lower,Math,Noncharacter_Code_Point NChar,
Pattern_Syntax Pat_Syn,Pattern_White_Space Pat_WS,Quotation_Mark QMark,Radical,Regional_Indicator RI,
Sentence_Terminal STerm,Soft_Dotted SD,Terminal_Punctuation Term,Unified_Ideograph UIdeo,Uppercase Upper,
Variation_Selector VS,White_Space space,XID_Continue XIDC,XID_Start XIDS`.split(/,\s*/);

function compile(name) {
  try { return new RegExp(`^\\p{${name}}$`, 'u'); } catch { return null; }
}
const chars = Array.from({ length: 0x110000 }, (_, i) => String.fromCodePoint(i));
function ranges(name) {
  const re = compile(name);
  let out = '', last = 0;
  for (let c = 0; c < 0x110000; c++) {
    if (!re.test(chars[c])) continue;
    const lo = c;
    while (c + 1 < 0x110000 && re.test(chars[c + 1])) c++;
    out += `${out && ' '}${(lo - last).toString(36)}`;
    if (c > lo) out += `,${(c - lo).toString(36)}`;
    last = c + 1;
  }
  return out;
}
const lines = [];
for (const [kind, prefix, list] of [['gc', 'gc=', categories], ['bin', '', binaries]]) {
  for (const item of list) {
    const names = item.split(' ').filter((n) => compile(prefix + n));
    if (names.length) lines.push(`${kind} ${names.join(' ')}\t${ranges(prefix + names[0])}`);
  }
}
// The four-letter codes of the scripts are found by trying.
const letters = 'abcdefghijklmnopqrstuvwxyz';
const codes = [];
for (const a of letters.toUpperCase()) for (const b of letters) for (const c of letters) for (const d of letters) {
  if (compile(`sc=${a}${b}${c}${d}`)) codes.push(a + b + c + d);
}
for (const code of codes) {
  const set = ranges(`sc=${code}`), shared = ranges(`scx=${code}`);
  const names = scripts.filter((n) => n !== code && compile(`sc=${n}`) && ranges(`sc=${n}`) === set);
  lines.push(`sc ${[code, ...names].join(' ')}\t${set}`);
  if (shared !== set) lines.push(`scx ${[code, ...names].join(' ')}\t${shared}`);
}
console.log(lines.join('\n'));
