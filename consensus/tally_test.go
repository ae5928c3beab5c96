package consensus

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// ballots makes votes of letters: the worker is the place, the result the letter.
func ballots(letters string) (list []Ballot) {
	for i, c := range letters {
		list = append(list, Ballot{fmt.Sprint("w", i), string(c)})
	}
	return list
}

func TestTallyOffline(t *testing.T) {
	for _, c := range []struct {
		votes     string
		operators int
		want      Outcome
	}{
		{"aa", 2, Outcome{Status: Failed}},
		{"", 3, Outcome{Status: NotEnoughVotes, Retry: true}},
		{"a", 3, Outcome{Status: NotEnoughVotes, Result: "a", Retry: true}},
		{"aa", 3, Outcome{Status: Reached, Result: "a", Leader: "w1"}},
		{"aab", 3, Outcome{Status: Reached, Result: "a", Leader: "w1"}},
		{"ab", 4, Outcome{Status: NotEnoughVotes, Result: "a", Retry: true}},
		{"abc", 3, Outcome{Status: Unable, Result: "a"}},
		{"aabb", 4, Outcome{Status: Unable, Result: "a"}}, // a tie never reaches it
		{"babaa", 5, Outcome{Status: Reached, Result: "a", Leader: "w4"}},
		{"aab", 4, Outcome{Status: NotEnoughVotes, Result: "a", Retry: true}},
	} {
		if got := TallyOffline(ballots(c.votes), c.operators); got != c.want {
			t.Errorf("%s of %d: %+v, want %+v", c.votes, c.operators, got, c.want)
		}
	}
}

func TestTallyRound(t *testing.T) {
	for _, c := range []struct {
		r    Round
		want Outcome
	}{
		{Round{Settled: true, Result: "b", Ballots: ballots("abb")}, Outcome{Status: Settled, Result: "b", Leader: "w1"}},
		{Round{Expired: true, Ballots: ballots("ab")}, Outcome{Status: RoundExpired}},
		{Round{Ballots: ballots("ab")}, Outcome{Status: InProgress, Retry: true}},
	} {
		if got := TallyRound(c.r); got != c.want {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
}

func TestSettle(t *testing.T) {
	for _, c := range []struct {
		votes                       string
		eligible, threshold, quorum int
		want                        string
	}{
		{"aaab", 4, 75, 100, "a"}, {"aaab", 4, 76, 100, ""}, {"aaa", 4, 60, 75, "a"}, {"aaa", 4, 60, 76, ""},
		{"aabb", 4, 50, 0, ""}, {"aabbc", 9, 30, 0, ""}, {"aab", 9, 30, 0, "a"}, {"", 3, 50, 0, ""},
	} {
		got, ok, err := Settle(ballots(c.votes), c.eligible, c.threshold, c.quorum)
		if !ok {
			got = ""
		}
		if got != c.want || err != nil {
			t.Errorf("%+v: %q %v", c, got, err)
		}
	}
	if _, _, err := Settle(nil, 1, 101, 0); err == nil {
		t.Error("101 percent")
	}
}

// The numbers of a public operator in period 614 of mainnet: 61 of 87.
func TestSLA(t *testing.T) {
	n, share, ok := SLA(96, 20, 11, 61, big.NewRat(60, 1))
	if n != 87 || share.FloatString(2) != "70.11" || !ok {
		t.Error(n, share, ok)
	}
	if _, _, ok := SLA(0, 0, 0, 0, big.NewRat(60, 1)); ok {
		t.Error("no votings")
	}
}

func TestAgree(t *testing.T) {
	say := func(texts ...string) (list []Opinion) {
		for i, s := range texts {
			v, err := value.ParseJSON(s)
			if err != nil {
				v = value.Undefined
			}
			list = append(list, Opinion{fmt.Sprint("w", i), v})
		}
		return list
	}
	for _, c := range []struct {
		p       Policy
		in      []Opinion
		want    string
		outside []string
	}{
		{Policy{}, say(`{"a":1,"b":2}`, `{"b":2,"a":1}`), `{"a":1,"b":2}`, nil},
		{Policy{}, say(`1`, `2`), "", nil},
		{Policy{Rules: []Rule{{Method: Majority}}}, say(`1`, `2`, `1`), "1", []string{"w1"}},
		{Policy{Rules: []Rule{{Method: Majority}}}, say(`1`, `2`), "", nil},
		{Policy{Rules: []Rule{{Field: "t", Method: Median}}}, say(`{"t":3}`, `{"t":1}`, `{"t":1e300}`), "3", nil},
		{Policy{Rules: []Rule{{Field: "t", Method: Median}}}, say(`{"t":4}`, `{"t":1}`, `{"t":"x"}`), "1", []string{"w2"}},
		{Policy{Rules: []Rule{{Field: "t", Method: Median}}}, say(`{"t":4}`, `{}`), "", nil},
		{Policy{Rules: []Rule{{Field: "t", Method: Mean, Tolerance: 1}}}, say(`{"t":4}`, `{"t":5}`, `{"t":99}`), "4.5", []string{"w2"}},
		{Policy{Rules: []Rule{{Field: "t", Method: Mean, Tolerance: 0.5, Relative: true}}}, say(`{"t":4}`, `{"t":5}`, `{"t":6}`), "5", nil},
		{Policy{Rules: []Rule{{Field: "t", Method: Mean, Tolerance: 1}}}, say(`{"t":1}`, `{"t":5}`, `{"t":99}`), "", nil},
		{Policy{Eligible: `value.ok && worker != "w0"`}, say(`{"ok":true,"v":1}`, `{"ok":true}`, `{"ok":false}`, `7`), `{"ok":true}`, nil},
		{Policy{Least: 3}, say(`1`, `1`), "", nil},
		{Policy{Rules: []Rule{{Method: "loudest"}}}, say(`1`), "", nil},
	} {
		a, err := c.p.Agree(c.in)
		got := ""
		if err == nil {
			field := ""
			if len(c.p.Rules) > 0 {
				field = c.p.Rules[0].Field
			}
			b, _ := AppendCanonical(nil, a.Values[field])
			got = string(b)
			if !reflect.DeepEqual(a.Outside, c.outside) {
				t.Errorf("%+v: outside are %v", c.p, a.Outside)
			}
		}
		if got != c.want {
			t.Errorf("%+v: %q %v, want %q", c.p, got, err, c.want)
		}
		if err != nil && !errors.Is(err, ErrDisagree) && !strings.Contains(err.Error(), "not known") {
			t.Error(err)
		}
	}
	if _, err := (Policy{}).Agree([]Opinion{{"a", value.Num(math.NaN())}, {"a", value.Null}}); err == nil {
		t.Error("a worker spoke twice")
	}
}
