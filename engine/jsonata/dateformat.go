package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func fnFromMillis(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	return formatDate(c.arg(0).Num(), c.arg(1), c.arg(2))
}

func fnNow(c call) (value.Value, error) { return formatDate(c.ev.now, c.arg(0), c.arg(1)) }

func fnMillis(c call) (value.Value, error) { return value.Num(c.ev.now), nil }

// isoPicture is the picture of a time without one.
const isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

// formatDate writes a time by a picture, in a zone given as +hhmm.
func formatDate(ms float64, picture, zone value.Value) (value.Value, error) {
	hours, minutes := 0.0, 0.0
	if !zone.IsUndefined() {
		offset := value.ParseInt(value.ToString(zone), 0)
		hours, minutes = math.Floor(offset/100), math.Mod(offset, 100)
	}
	text := isoPicture
	if !picture.IsUndefined() {
		text = value.ToString(picture)
	}
	parts, err := datePicture(text)
	if err != nil {
		return value.Undefined, err
	}
	local := value.TimeClip(ms + float64((float64(60*hours)+minutes)*60_000))
	var b strings.Builder
	for i := range parts {
		s, err := parts[i].format(local, hours, minutes)
		if err != nil {
			return value.Undefined, err
		}
		b.WriteString(s)
	}
	return value.Str(b.String()), nil
}

// format writes one part; ms is local time, hours and minutes the offset.
func (p *datePart) format(ms, hours, minutes float64) (string, error) {
	switch p.component {
	case 0:
		return p.literal, nil
	case 'Z', 'z':
		return p.formatZone(hours, minutes)
	case 'P':
		s := "am"
		if value.Fields(valid(ms), nil).Hour >= 12 {
			s = "pm"
		}
		if p.names == caseUpper {
			s = strings.ToUpper(s)
		}
		return s, nil
	case 'C', 'E':
		return "ISO", nil
	}
	if strings.IndexByte("YMDdFWwXxHhmsf", p.component) < 0 {
		return "undefined", nil
	}
	n := math.NaN()
	if ms == ms {
		n = dateComponent(ms, p.component)
	}
	if p.component == 'Y' && p.n != -1 {
		n = math.Mod(n, value.Pow(10, p.n))
	}
	if p.names != caseNone && p.component != 'f' {
		return p.formatName(n)
	}
	if p.integer == nil {
		return "", typeError("Cannot read properties of undefined (reading 'primary')")
	}
	return p.integer.format(n)
}

func valid(ms float64) float64 {
	if ms != ms {
		return 0
	}
	return ms
}

func (p *datePart) formatName(n float64) (string, error) {
	list := dayNames
	switch p.component {
	case 'M', 'x':
		list = monthNames
		n--
	case 'F':
	default:
		return "", fail("D3133", "value", string(rune(p.component)))
	}
	if n != n {
		return "", typeError("Cannot read properties of undefined (reading 'toUpperCase')")
	}
	name := list[int(n)]
	switch p.names {
	case caseUpper:
		name = strings.ToUpper(name)
	case caseLower:
		name = strings.ToLower(name)
	}
	if p.width && float64(len(name)) > p.max {
		name = name[:max(0, int(p.max))]
	}
	return name, nil
}

func (p *datePart) formatZone(hours, minutes float64) (string, error) {
	offset := float64(hours*100) + minutes
	f := p.integer
	text, err := "", error(nil)
	switch {
	case f.regular > 0:
		text, err = f.format(offset)
	case f.mandatory == 1 || f.mandatory == 2:
		if text, err = f.format(hours); err == nil && minutes != 0 {
			var rest string
			two, _ := integerPicture("00")
			rest, err = two.format(math.Floor(minutes))
			text += ":" + rest
		}
	case f.mandatory == 3 || f.mandatory == 4:
		text, err = f.format(offset)
	default:
		v := value.Undefined
		if f.hasDigits {
			v = value.Num(f.mandatory)
		}
		return "", fail("D3134", "value", v)
	}
	if err != nil {
		return "", err
	}
	if offset >= 0 {
		text = "+" + text
	}
	if p.component == 'z' {
		text = "GMT" + text
	}
	if offset == 0 && p.second == 't' {
		text = "Z"
	}
	return text, nil
}
