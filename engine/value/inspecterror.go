package value

import (
	"slices"
	"strings"
)

// error formats an error without its properties; it takes those that are part
// of the text out of keys and adds the hidden ones that are shown.
func (c *inspector) error(e *Error, keys *[]string) string {
	stack := e.Stack
	if stack == "" {
		stack = e.Error()
	}
	if c.ShowHidden {
		*keys = append([]string{"stack", "message"}, *keys...)
	} else {
		*keys = slices.DeleteFunc(*keys, func(k string) bool {
			return k == "stack" || (k == "message" || k == "name") && strings.Contains(stack, ToString(e.getKey(k)))
		})
	}
	name := e.Name
	if name != e.class() && !strings.Contains(stack, name) && !slices.Contains(*keys, "name") {
		*keys = append([]string{"name"}, *keys...)
	}
	for _, k := range []string{"cause", "errors"} {
		if e.Props != nil && e.Props.Has(k) && !slices.Contains(*keys, k) {
			*keys = append(*keys, k)
		}
	}
	stack = improveStack(stack, e.class(), name)
	from := 0
	if i := strings.Index(stack, e.Message); e.Message != "" && i > 0 {
		from = i + len(e.Message)
	}
	at := strings.Index(stack[from:], "\n    at")
	if at < 0 {
		stack = "[" + stack + "]"
	} else {
		at += from
		frames := c.frames(e, strings.Split(stack[at+1:], "\n"))
		stack = stack[:at] + "\n" + strings.Join(frames, "\n")
	}
	if c.indent > 0 {
		stack = strings.ReplaceAll(stack, "\n", "\n"+strings.Repeat(" ", c.indent))
	}
	return stack
}

// improveStack puts the class in front of a stack that names another one.
func improveStack(stack, class, name string) string {
	if !strings.HasSuffix(name, "Error") || !strings.HasPrefix(stack, name) {
		return stack
	}
	rest := stack[len(name):]
	if rest != "" && rest[0] != ':' && rest[0] != '\n' || name == class {
		return stack
	}
	if strings.Contains(class, name) {
		return class + rest
	}
	return class + " [" + name + "]" + rest
}

// frames shortens the frames of a stack that the cause has too.
func (c *inspector) frames(e *Error, frames []string) []string {
	if cause := e.Prop("cause").Error(); cause != nil {
		_, rest, ok := strings.Cut(cause.stack(), "\n    at")
		if ok {
			n, at := sameFrames(frames, strings.Split("    at"+rest, "\n"))
			if n > 0 {
				line := "    ... " + FormatNumber(float64(n-2)) + " lines matching cause stack trace ..."
				frames = slices.Replace(slices.Clone(frames), at+1, at+n-1, c.style(line, "undefined"))
			}
		}
	}
	if c.Colors {
		frames = slices.Clone(frames)
		for i, f := range frames {
			if strings.HasPrefix(f, "    at ") && strings.Contains(f, "node:") {
				frames[i] = c.style(f, "undefined")
			}
		}
	}
	return frames
}

// sameFrames finds more than three frames of a that stand in b in a row: how
// many, and where in a.
func sameFrames(a, b []string) (n, at int) {
	for i := 0; i < len(a)-3; i++ {
		pos := slices.Index(b, a[i])
		if pos < 0 || len(b)-pos <= 3 {
			continue
		}
		n := 1
		for limit := min(len(a)-i, len(b)-pos); n < limit && a[i+n] == b[pos+n]; n++ {
		}
		if n > 3 {
			return n, i
		}
	}
	return 0, 0
}
