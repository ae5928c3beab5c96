package js

import (
	"strconv"
	"unsafe"

	"github.com/dop251/goja"
)

// testCounting counts programs whose steps are known, so that a goja with other
// instructions is noticed at once.
func (r *Runtime) testCounting() {
	const turns = 10
	p, err := r.program("lockstep:selftest", "(function(){var n=0;for(var i=0;i<"+strconv.Itoa(turns)+";i++){n=n+i}return 'n'+n})()", countAll)
	if err != nil {
		panic(err)
	}
	before := r.steps.left
	v, err := r.vm.RunProgram(p)
	took := before - r.steps.left
	r.steps.left = before
	if err != nil || v.String() != "n45" || took != turns+1 {
		panic("js: the steps of goja's programs cannot be counted: " + strconv.FormatInt(took, 10))
	}
}

// testInstructions runs our instructions on a machine of our own. (It also tells the
// linker that they are called through an interface: goja's calls it cannot see.)
func (r *Runtime) testInstructions() {
	var fake struct {
		stack  []goja.Value
		sp, pc int
	}
	at := registers{stack: unsafe.Offsetof(fake.stack), sp: unsafe.Offsetof(fake.sp), pc: unsafe.Offsetof(fake.pc)}
	fake.stack, fake.sp = []goja.Value{r.empty, r.empty}, 2
	before := r.steps.left
	one := &stepMark{r: r, weight: 1, pc: at.pc, skip: 4}
	for _, i := range []instruction{
		one,
		&pairMark{r: r, next: one, before: beforeCompare, stack: at.stack, sp: at.sp},
		&topMark{r: r, next: one, at: at, n: 2, before: beforeJoin},
		&lastMark{r: r, next: one, at: at},
		&productMark{next: one, at: at, minus: r.empty},
	} {
		i.exec(unsafe.Pointer(&fake))
	}
	if fake.pc != 20 || before-r.steps.left != 5 {
		panic("js: instructions that count do not count")
	}
	r.steps.left = before
}
