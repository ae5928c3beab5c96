package devnet

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// blockLog is a file of blocks, each with its length and checksum, only ever appended to.
// A block that a crash cut off is cut off for good when the file is opened.
type blockLog struct {
	f    *os.File
	size int64
}

const logMagic = "lockstep devnet 1\n"

// maxRecord bounds one block in bytes.
const maxRecord = 256 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// openLog opens a log of a chain, or makes it, and gives its blocks to replay.
func openLog(name string, identity [32]byte, replay func(*block) error) (*blockLog, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	l := &blockLog{f: f}
	if err := l.load(identity, replay); err != nil {
		f.Close() //nolint:errcheck // it is given up
		return nil, fmt.Errorf("the log of blocks %s: %w", name, err)
	}
	return l, nil
}

func (l *blockLog) load(identity [32]byte, replay func(*block) error) error {
	r := bufio.NewReaderSize(l.f, 1<<20)
	head := append([]byte(logMagic), identity[:]...)
	got := make([]byte, len(head))
	n, err := io.ReadFull(r, got)
	switch {
	case n == 0 && errors.Is(err, io.EOF), n > 0 && n < len(head) && string(got[:n]) == string(head[:n]):
		if _, err := l.f.WriteAt(head, 0); err != nil {
			return err
		}
		l.size = int64(len(head))
		return l.cut()
	case err != nil || string(got[:len(logMagic)]) != logMagic:
		return errors.New("it is not one")
	case string(got) != string(head):
		return errors.New("it is of a chain with other settings")
	}
	l.size = int64(len(head))
	for {
		b, size, err := readRecord(r)
		if err != nil {
			return err
		}
		if b == nil {
			return l.cut()
		}
		if err := replay(b); err != nil {
			return err
		}
		l.size += size
	}
}

// cut drops what follows the last whole block.
func (l *blockLog) cut() error {
	if err := l.f.Truncate(l.size); err != nil {
		return err
	}
	return l.f.Sync()
}

// readRecord reads a block; nil if it is not whole.
func readRecord(r io.Reader) (*block, int64, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, 0, cutOff(err)
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > maxRecord {
		return nil, 0, nil
	}
	body, err := io.ReadAll(io.LimitReader(r, int64(n))) // grows with what is there
	if err != nil {
		return nil, 0, err
	}
	if len(body) < int(n) || crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, 0, nil
	}
	d := scale.NewDecoder(body)
	b := &block{}
	fixed, err := d.Bytes(4 + 8 + 32)
	if err != nil {
		return nil, 0, err
	}
	b.number, b.time, b.hash = binary.LittleEndian.Uint32(fixed), binary.LittleEndian.Uint64(fixed[4:]), [32]byte(fixed[12:])
	for d.Left() > 0 {
		n, err := d.Length(1)
		if err != nil {
			return nil, 0, err
		}
		t, err := d.Bytes(n)
		if err != nil {
			return nil, 0, err
		}
		b.transactions = append(b.transactions, t)
	}
	return b, int64(8 + len(body)), nil
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// append writes a block and waits until it is on disk.
func (l *blockLog) append(b *block) error {
	body := binary.LittleEndian.AppendUint32(nil, b.number)
	body = binary.LittleEndian.AppendUint64(body, b.time)
	body = append(body, b.hash[:]...)
	for _, t := range b.transactions {
		body = scale.AppendBytes(body, t)
	}
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(body)))
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(body, castagnoli))
	out = append(out, body...)
	if _, err := l.f.WriteAt(out, l.size); err != nil {
		return err
	}
	if err := l.f.Sync(); err != nil {
		return err
	}
	l.size += int64(len(out))
	return nil
}

func (l *blockLog) close() error { return l.f.Close() }
