package js

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// linkTimeout is how long node.linkcall waits, in milliseconds, if not told otherwise.
const linkTimeout = 5000

// linkcall is node.linkcall(target, msg, options): a promise of the message that
// comes back from the flow behind a link in node.
func (f *Function) linkcall(c goja.FunctionCall) goja.Value {
	r := f.r
	p, resolve, reject := r.vm.NewPromise()
	fail := func(text string) goja.Value {
		_ = reject(r.construct(r.builtin("Error"), r.str(text)))
		return r.vm.ToValue(p)
	}
	target, ok := c.Argument(0).(goja.String)
	if !ok || strings.TrimSpace(text(target)) == "" {
		return fail(f.host.Text("function.error.linkcallTargetInvalid"))
	}
	msg := f.leaving(c.Argument(1)).Object()
	if msg == nil {
		return fail(f.host.Text("function.error.linkcallMsgInvalid"))
	}
	timeout, clone := float64(linkTimeout), true
	if o, ok := c.Argument(2).(*goja.Object); ok { // which gets the defaults
		if t := o.Get("timeout"); t != nil && t.ToBoolean() {
			timeout = t.ToFloat()
		} else {
			_ = o.Set("timeout", linkTimeout)
		}
		clone = o.Get("clone") != r.no
		_ = o.Set("clone", clone)
	}
	if clone {
		msg = value.CloneMessage(msg)
	}
	err := f.host.LinkCall(text(target), msg, timeout, func(m *value.Object, err error) {
		f.enter(func() {
			// The continuation must run within a call into JavaScript, so that
			// promise jobs are run after it.
			_, _ = r.function("run")(r.undefined, r.vm.ToValue(func(goja.FunctionCall) goja.Value {
				if err != nil {
					_ = reject(r.toJS(errorOf(err)))
				} else {
					_ = resolve(r.toJS(value.Of(m)))
				}
				return r.undefined
			}))
		})
	})
	if err != nil {
		_ = reject(r.toJS(errorOf(err)))
	}
	return r.vm.ToValue(p)
}
