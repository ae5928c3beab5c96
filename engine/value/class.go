package value

// ClassName is v.constructor.name: Object, Array, Buffer, Date, TypeError … It is
// "" for undefined, null and a live object without a constructor.
func ClassName(v Value) string {
	switch v.kind {
	case KindUndefined, KindNull:
		return ""
	case KindBool:
		return "Boolean"
	case KindNumber:
		return "Number"
	case KindString:
		return "String"
	case KindBigInt:
		return "BigInt"
	case KindSymbol:
		return "Symbol"
	case KindArray:
		return "Array"
	case KindBuffer:
		return "Buffer"
	case KindTypedArray:
		return v.TypedArray().Class
	case KindDate:
		return "Date"
	case KindRegExp:
		return "RegExp"
	case KindError:
		return v.Error().class()
	case KindMap:
		return "Map"
	case KindSet:
		return "Set"
	case KindForeign:
		return v.Foreign().Class()
	case KindHandle:
		if v.Handle().Class != "" {
			return v.Handle().Class
		}
	}
	return "Object"
}

// class is the name of the error's constructor: its name if that is one of
// JavaScript's own errors, else Error.
func (e *Error) class() string {
	switch e.Name {
	case "TypeError", "RangeError", "SyntaxError", "ReferenceError", "URIError", "EvalError", "AggregateError":
		return e.Name
	}
	return "Error"
}
