package extrinsic

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Era is how long a transaction is valid. The zero value is for ever.
type Era struct {
	// Period in blocks: a power of two from 4 to 65536; 0 is for ever.
	Period uint64
	// Phase is the block of birth within the period.
	Phase uint64
}

// NewEra is an era of at least so many blocks that begins at a block.
func NewEra(blocks, current uint64) Era {
	if blocks == 0 {
		return Era{}
	}
	period := uint64(4)
	for period < blocks && period < 65536 {
		period *= 2
	}
	step := max(period>>12, 1)
	return Era{Period: period, Phase: current % period / step * step}
}

// Birth is the block at which the era that holds at a block began.
func (e Era) Birth(current uint64) uint64 {
	if e.Period == 0 {
		return 0
	}
	return (max(current, e.Phase)-e.Phase)/e.Period*e.Period + e.Phase
}

// Death is the first block at which it does not hold any more.
func (e Era) Death(current uint64) uint64 {
	if e.Period == 0 {
		return 1<<64 - 1
	}
	return e.Birth(current) + e.Period
}

// Append appends it encoded: one byte or two.
func (e Era) Append(dst []byte) ([]byte, error) {
	if e.Period == 0 {
		return append(dst, 0), nil
	}
	if e.Period < 4 || e.Period > 65536 || e.Period&(e.Period-1) != 0 || e.Phase >= e.Period {
		return nil, fmt.Errorf("an era of %d blocks from %d is not possible", e.Period, e.Phase)
	}
	low := uint64(bits.TrailingZeros64(e.Period) - 1)
	n := min(15, max(1, low)) | e.Phase/max(e.Period>>12, 1)<<4
	return append(dst, byte(n), byte(n>>8)), nil
}

// readEra reads one.
func readEra(d *scale.Decoder) (Era, error) {
	first, err := d.Byte()
	if err != nil || first == 0 {
		return Era{}, err
	}
	second, err := d.Byte()
	if err != nil {
		return Era{}, err
	}
	n := uint64(first) | uint64(second)<<8
	period := uint64(2) << (n % 16)
	phase := n >> 4 * max(period>>12, 1)
	if period < 4 || phase >= period {
		return Era{}, errors.New("the era is not valid")
	}
	return Era{Period: period, Phase: phase}, nil
}
