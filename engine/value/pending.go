package value

type InspectOptions struct {
	Depth                           int
	Colors                          bool
	BreakLength                     int
	Compact                         int
	MaxArrayLength, MaxStringLength int
	Sorted                          bool
	ShowHidden                      bool
}

func Inspect(v Value, o InspectOptions) string                      { return ToString(v) }
func Format(args []Value) string                                    { return ToString(args[0]) }
func EncodeDebug(v Value, maxLength int) (msg Value, format string) { return v, "" }
