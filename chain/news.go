package chain

import "sync"

// news wakes those who wait for a block when the node tells of one.
type news struct {
	mu    sync.Mutex
	on    bool
	block chan struct{} // closed at the next block
}

// next gives what is closed when the node tells of a block, best or finalized. Over HTTP it
// tells nothing: who waits has to look now and then, too.
func (c *Client) next(best bool) <-chan struct{} {
	n, method, off := &c.finalizedNews, "chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads"
	if best {
		n, method, off = &c.bestNews, "chain_subscribeNewHeads", "chain_unsubscribeNewHeads"
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.block == nil {
		n.block = make(chan struct{})
	}
	if !n.on && c.rpc.Tells() {
		n.on = true
		c.lock.Lock()
		defer c.lock.Unlock()
		select {
		case <-c.done:
		default:
			c.wait.Add(1)
			go c.listen(n, method, off)
		}
	}
	return n.block
}

// listen passes on what a subscription tells. When it ends, the next who waits begins it again.
func (c *Client) listen(n *news, method, off string) {
	defer c.wait.Done()
	ctx, cancel := c.life()
	defer cancel()
	if sub, err := c.rpc.Subscribe(ctx, method, off); err == nil {
		defer sub.Close()
		for range sub.C() {
			n.mu.Lock()
			close(n.block)
			n.block = make(chan struct{})
			n.mu.Unlock()
		}
	}
	n.mu.Lock()
	n.on = false
	n.mu.Unlock()
}
