package consensus

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func TestNamedLeaves(t *testing.T) {
	v, err := value.ParseJSON(`{"day":"x","list":[{"b":2,"a":1.5},{"odd key":"z","a":{"7":true}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	named, err := NamedLeaves(v)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range named {
		got = append(got, l.Path+"="+l.Text)
	}
	want := `list[0].a=1.5 list[0].b=2 list[1].a["7"]=true list[1].a=[object Object] list[1]["odd key"]=z list[0]=[object Object] list[1]=[object Object] day=x list=[object Object]`
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	leaves, err := Leaves(v)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(leaves, named, func(h Hash, l Leaf) bool { return h == l.Hash }) {
		t.Error("the hashes are not those of Leaves")
	}
}

func TestMerkleProof(t *testing.T) {
	v, err := value.ParseJSON(`{"list":[{"n":1},{"n":22},{"n":3,"s":"\u00e9 <b>"},{"n":22}],"list2":{"x":5}}`)
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := Leaves(v)
	if err != nil {
		t.Fatal(err)
	}
	root, err := MerkleRoot(leaves)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"list[2]": "3,é <b>", "list": "1,22,3,é <b>,22", "list[1].n": "22", "": "1,22,3,é <b>,22,5"} {
		p, err := ProvePath(v, path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseMerkleProof(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, x := range back.Values {
			got = append(got, x.Text)
			if !x.Holds(root[:]) || string(back.Root) != string(root[:]) {
				t.Errorf("%s: %+v does not hold", path, x)
			}
			x.Text += "0"
			if x.Holds(root[:]) {
				t.Error("another text holds")
			}
			x = back.Values[i]
			x.Steps = slices.Clone(x.Steps)
			x.Steps[0].Left, x.Steps[0].Right = x.Steps[0].Right, x.Steps[0].Left
			if x.Holds(root[:]) && x.Text != "22" { // which stands beside itself
				t.Error("another side holds")
			}
		}
		if s := strings.Join(got, ","); s != want {
			t.Errorf("%s: %s, want %s", path, s, want)
		}
	}
	for _, path := range []string{"lis", "list[9]", "list[2", "x"} {
		if _, err := ProvePath(v, path); err == nil {
			t.Errorf("%s was proved", path)
		}
	}
}

func FuzzMerkleProof(f *testing.F) {
	v, err := value.ParseJSON(`{"a":[1,2,3],"b":"x"}`)
	if err != nil {
		f.Fatal(err)
	}
	p, err := ProvePath(v, "a")
	if err != nil {
		f.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"lockstep":"merkle proof","format":1,"root":"0x00","values":[{"steps":[{"left":"0x","right":null}]}]}`))
	f.Fuzz(func(_ *testing.T, text []byte) {
		if p, err := ParseMerkleProof(text); err == nil {
			for _, v := range p.Values {
				v.Holds(p.Root)
			}
		}
	})
}
