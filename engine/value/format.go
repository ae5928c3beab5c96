package value

import "strings"

// Format is util.format: the first argument, if a string, is a template with
// %s %d %i %f %j %o %O %c and %%; further arguments follow after blanks.
func Format(args []Value) string {
	var b strings.Builder
	used := 0
	if len(args) > 0 && args[0].IsString() {
		if len(args) == 1 {
			return args[0].Str()
		}
		used = formatTemplate(&b, args)
	}
	for i := used; i < len(args); i++ {
		if i > 0 {
			b.WriteByte(' ')
		}
		if args[i].IsString() {
			b.WriteString(args[i].Str())
		} else {
			b.WriteString(Inspect(args[i], InspectOptions{}))
		}
	}
	return fixJoins(b.String())
}

// formatTemplate writes the template args[0] with its arguments and gives how
// many of args it used, itself included.
func formatTemplate(b *strings.Builder, args []Value) int {
	t := args[0].Str()
	used, last := 1, 0
	for i := 0; i < len(t)-1; i++ {
		if t[i] != '%' {
			continue
		}
		i++
		if t[i] == '%' {
			b.WriteString(t[last:i])
			last = i + 1
			continue
		}
		if used == len(args) || strings.IndexByte("sjdOoifc", t[i]) < 0 {
			continue
		}
		b.WriteString(t[last : i-1])
		b.WriteString(formatArg(t[i], args[used]))
		used++
		last = i + 1
	}
	b.WriteString(t[last:])
	return used
}

func formatArg(verb byte, v Value) string {
	switch verb {
	case 's':
		return formatString(v)
	case 'j':
		s, ok, err := Stringify(v, "")
		switch {
		case err != nil:
			return "[Circular]"
		case !ok:
			return "undefined"
		}
		return s
	case 'O':
		return Inspect(v, InspectOptions{})
	case 'o':
		return Inspect(v, InspectOptions{ShowHidden: true, Depth: 4})
	case 'c':
		return ""
	}
	if v.kind == KindSymbol {
		return "NaN"
	}
	if v.kind == KindBigInt && verb != 'f' {
		return v.BigInt().String() + "n"
	}
	f := 0.0
	switch verb {
	case 'd':
		f = ToNumber(v)
	case 'i':
		f = ParseInt(ToString(v), 0)
	default:
		f = ParseFloat(ToString(v))
	}
	return newInspector(InspectOptions{}).number(f)
}

func formatString(v Value) string {
	switch v.kind {
	case KindNumber, KindBigInt:
		return Inspect(v, InspectOptions{})
	case KindBuffer:
		return ToString(v)
	case KindTypedArray:
		if v.TypedArray().ElemSize() > 0 {
			return ToString(v)
		}
	case KindError:
		if v.Error().class() != v.Error().Name {
			return ToString(v) // a toString or a name of its own
		}
	case KindForeign:
		if c := v.Foreign().Class(); v.TypeOf() == "function" || c != "Object" && c != "Array" && c != "" {
			return ToString(v)
		}
	}
	if !v.IsObject() {
		return ToString(v)
	}
	return Inspect(v, InspectOptions{Depth: InspectNone})
}
