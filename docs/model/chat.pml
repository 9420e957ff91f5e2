/*
 * One chat on two nodes: numbering, the lossy broker and resume. README.md beside this file maps every step to the code.
 *
 * Everything is a guarded step over explicit state, so that a node can be killed between any two of them. Faults are counted down, so every
 * run is finite, and what must hold "once the faults have stopped" must hold at its end: that is what the process Verdict asserts in every
 * final state, and the formula `settles` on every run.
 *
 * Mistakes that can be planted with -D, each of which must give a counterexample: PUBLISH_BEFORE_COMMIT, ACK_BEFORE_COMMIT, NO_DEDUPE,
 * NO_ROW_LOCK, NO_HEADS, NO_GAP_RULE, NO_RESUME, and HEADS_BEFORE_SUBSCRIBE. The last one would be healed by the poll, so it is planted with
 * NO_POLL; without the poll nothing heals a silent loss, so also with NO_LOSSES, and a hello must look again when the subscription was lost
 * under it: HELLO_RECHECK. With these three alone all must be well.
 */
#ifndef MSGS
#define MSGS 2        /* messages; client 0 writes the odd ones, client 1 the even ones */
#endif
#ifndef FAULTS
#define FAULTS 2      /* how many faults a run may have, of any kind */
#endif

#define NODES 2
#define CLIENTS 2
#define NOWHERE 2     /* a client that is at no node */
#define AT(n, s) ((n) * (MSGS + 2) + (s))

mtype:writer = { Idle, Waiting, Numbered, Unknown, Committed, Published }
mtype:link = { Offline, Hello, Online }

/* PostgreSQL: what is committed, and who holds the chat's row (node + 1; 0: nobody). */
byte log[MSGS + 2];
byte head;
byte rowLock;

/* The broker: per node and sequence the message that is on its way there (0: none), and whether the node is subscribed. */
byte flight[NODES * (MSGS + 2)];
bool subscribed[NODES];
bool headsDue[NODES];

/* Nodes: the batch writer, and what the fan-out keeps of the chat. */
mtype:writer step[NODES];
byte item[NODES];       /* the message the writer works on, */
byte asker[NODES];      /* its sender, */
byte number[NODES];     /* and its sequence */
byte applied[NODES];    /* while somebody is here */
byte heard[NODES];      /* highest sequence heard of, whether somebody is here or not */
byte ahead[NODES * (MSGS + 2)];

/* Clients. Client c sends one message at a time. */
mtype:link link[CLIENTS];
bool asked[CLIENTS];    /* the node it is at has its request */
byte node[CLIENTS];
byte seed[CLIENTS];     /* head that was read at hello, */
bool stale[CLIENTS];    /* without the node's subscription all the time since */
byte position[CLIENTS];
byte draft[CLIENTS];    /* message to be sent next or now */
chan push0 = [MSGS] of { byte, byte };
chan push1 = [MSGS] of { byte, byte };

byte faults = FAULTS;   /* faults that may still come */

#ifdef NO_LOSSES
#define MAYLOSE false
#else
#define MAYLOSE true
#endif
#ifdef NO_ROW_LOCK
#define ROWISFREE true
#else
#define ROWISFREE (rowLock == 0)
#endif
#ifdef HELLO_RECHECK
#define ISDEAF(n) (!subscribed[n])
#else
#define ISDEAF(n) false
#endif
#define ISHERE(c, n) (link[c] == Online && node[c] == n)
#define WATCHED(n) (ISHERE(0, n) || ISHERE(1, n))
#define ALLSENT(c) (draft[c] > MSGS)
#define DONE(c) (link[c] == Online && position[c] == head && ALLSENT(c))
#if MSGS > 2
#define HASHOLE(n) (ahead[AT(n, 1)] + ahead[AT(n, 2)] + ahead[AT(n, 3)] > 0)
#else
#define HASHOLE(n) (ahead[AT(n, 1)] + ahead[AT(n, 2)] > 0)
#endif
#define SETTLED (head == MSGS && DONE(0) && DONE(1))

/* ---- PostgreSQL ---- */

/* The sequence of a stored message, or 0. */
inline find(message, found) {
    found = 0;
    i = 1;
    do
    :: i <= head ->
        if
        :: log[i] == message -> found = i
        :: else
        fi;
        i++
    :: else -> break
    od
}

/* COMMIT of a transaction that numbered `item` with `number`; of one that found it stored, nothing is left to do. */
inline store(n) {
    if
    :: number[n] <= head && log[number[n]] == item[n] && !isTwice -> skip
    :: else ->
        assert(number[n] == head + 1);              /* P3: dense, and no number is given twice */
        find(item[n], found);
        assert(found == 0);                         /* P4: one message however often it is sent */
        if
        :: item[n] > 2 -> find(item[n] - 2, found); assert(found > 0) /* acked before this one was sent, so it is below */
        :: else
        fi;
        head = number[n];
        log[head] = item[n]
    fi
}

/* ---- a node's fan-out ---- */

inline offer(c, n, sequence, message) {
    if
    :: ISHERE(c, n) && c == 0 -> push0!sequence, message
    :: ISHERE(c, n) && c == 1 -> push1!sequence, message
    :: else
    fi
}

inline deliver(n, sequence, message) {
    offer(0, n, sequence, message);
    offer(1, n, sequence, message);
    applied[n] = sequence
}

#ifdef NO_GAP_RULE
#define ISNEXT(n, s) true
#else
#define ISNEXT(n, s) ((s) == applied[n] + 1)
#endif

/* The node rule: old: drop; next: deliver, and what waited behind it; ahead: keep aside. */
inline apply(n, sequence, message) {
    if
    :: sequence > heard[n] -> heard[n] = sequence
    :: else
    fi;
    if
    :: !WATCHED(n) || sequence <= applied[n] -> skip
    :: WATCHED(n) && sequence > applied[n] ->
        if
        :: ISNEXT(n, sequence) ->
            deliver(n, sequence, message);
            do
            :: applied[n] < MSGS && ahead[AT(n, applied[n] + 1)] != 0 ->
                deliver(n, applied[n] + 1, ahead[AT(n, applied[n] + 1)]);
                ahead[AT(n, applied[n])] = 0
            :: else -> break
            od
        :: else -> ahead[AT(n, sequence)] = message
        fi
    fi
}

/* What a node has in memory of the chat goes with the last session that is here. */
inline forget(n) {
    applied[n] = 0;
    for (i : 1 .. MSGS) { ahead[AT(n, i)] = 0 }
}

inline disconnect(c) {
    if
    :: link[c] != Offline ->
        link[c] = Offline;
        if
        :: c == 0 -> do :: nempty(push0) -> push0?_, _ :: empty(push0) -> break od
        :: else -> do :: nempty(push1) -> push1?_, _ :: empty(push1) -> break od
        fi;
        if
        :: !WATCHED(node[c]) -> forget(node[c])
        :: else
        fi;
        node[c] = NOWHERE;
        seed[c] = 0;
        stale[c] = false;
        asked[c] = false         /* it may be stored or not: it is sent again, with the same id */
    :: else
    fi
}

/* ---- a node's batch writer ---- */

inline tell(n) { /* the ack, if the connection that asked is still there */
    if
    :: asked[asker[n]] && node[asker[n]] == n && draft[asker[n]] == item[n] ->
        assert(number[n] <= head && log[number[n]] == item[n]);   /* P1: acked means stored */
        draft[asker[n]] = draft[asker[n]] + 2;
        asked[asker[n]] = false
    :: else
    fi
}

inline announce(n) { /* TryPublish: never waits, never fails; without a subscription at the other end it is gone */
    if
    :: subscribed[1 - n] -> flight[AT(1 - n, number[n])] = item[n]
    :: else
    fi
}

inline rest(n) {
    step[n] = Idle;
    item[n] = 0;
    asker[n] = 0;
    number[n] = 0
}

proctype Writer(byte n) {
    byte found, i;
    bool isTwice;
end:
    do
    :: atomic { step[n] == Idle && ISHERE(0, n) && !asked[0] && !ALLSENT(0) ->
            item[n] = draft[0]; asker[n] = 0; asked[0] = true; step[n] = Waiting }
    :: atomic { step[n] == Idle && ISHERE(1, n) && !asked[1] && !ALLSENT(1) ->
            item[n] = draft[1]; asker[n] = 1; asked[1] = true; step[n] = Waiting }
    :: atomic { step[n] == Waiting && ROWISFREE ->
            rowLock = n + 1;
            find(item[n], found);
#ifdef NO_DEDUPE
            isTwice = true;
            found = 0;
#endif
            if
            :: found > 0 -> number[n] = found
            :: else -> number[n] = head + 1
            fi;
            i = 0; found = 0;
#ifdef PUBLISH_BEFORE_COMMIT
            apply(n, number[n], item[n]);
            announce(n);
#endif
#ifdef ACK_BEFORE_COMMIT
            tell(n);
#endif
            step[n] = Numbered }
    :: atomic { step[n] == Numbered -> store(n); rowLock = 0; i = 0; found = 0; step[n] = Committed }
    :: atomic { step[n] == Numbered && faults > 0 -> faults--; store(n); rowLock = 0; i = 0; found = 0; step[n] = Unknown }
    :: atomic { step[n] == Numbered && faults > 0 -> faults--; rowLock = 0; step[n] = Unknown }
    :: atomic { step[n] == Unknown -> number[n] = 0; step[n] = Waiting }        /* again, by its id */
    :: atomic { step[n] == Unknown ->                                         /* the deadline: "try again with the same id" */
            if
            :: asked[asker[n]] && node[asker[n]] == n -> asked[asker[n]] = false
            :: else
            fi;
            rest(n) }
    :: atomic { step[n] == Committed -> apply(n, number[n], item[n]); announce(n); step[n] = Published }
    :: atomic { step[n] == Published -> tell(n); rest(n) }
    od
}

/* ---- the broker: delivers in any order, twice, or not at all ---- */

#define PASS(s) \
    :: atomic { flight[AT(n, s)] != 0 -> m = flight[AT(n, s)]; flight[AT(n, s)] = 0; apply(n, s, m); m = 0 } \
    :: atomic { flight[AT(n, s)] != 0 && faults > 0 -> faults--; m = flight[AT(n, s)]; apply(n, s, m); m = 0 } \
    :: atomic { flight[AT(n, s)] != 0 && MAYLOSE && faults > 0 -> faults--; flight[AT(n, s)] = 0 }

proctype Broker(byte n) {
    byte m;
end:
    do
    PASS(1)
    PASS(2)
#if MSGS > 2
    PASS(3)
#endif
    od
}

/* Reads the chat's head and repairs up to it, if somebody is here. */
inline readHeads(n) {
#ifndef NO_HEADS
    do
    :: WATCHED(n) && applied[n] < head -> apply(n, applied[n] + 1, log[applied[n] + 1])
    :: else -> break
    od
#else
    skip
#endif
}

inline unsubscribe(n) {
#ifdef HELLO_RECHECK
    stale[0] = stale[0] || (node[0] == n && link[0] == Hello);
    stale[1] = stale[1] || (node[1] == n && link[1] == Hello);
#endif
    subscribed[n] = false;
    headsDue[n] = false;
    for (i : 1 .. MSGS) { flight[AT(n, i)] = 0 }
    i = 0
}

/* Subscribing, and losing the subscription. Heads are read after the subscription is confirmed: what is published in between is heard or read. */
proctype Subscription(byte n) {
    byte i;
end:
    do
#ifdef HEADS_BEFORE_SUBSCRIBE
    :: atomic { !subscribed[n] && !headsDue[n] -> readHeads(n); headsDue[n] = true }
    :: atomic { headsDue[n] -> headsDue[n] = false; subscribed[n] = true }
#else
    :: atomic { !subscribed[n] -> subscribed[n] = true; headsDue[n] = true }
    :: atomic { headsDue[n] -> headsDue[n] = false; readHeads(n) }
#endif
    :: atomic { subscribed[n] && faults > 0 -> faults--; unsubscribe(n) }
    od
}

/* The poll of heads, and the read of what is missing below something that came too early. */
proctype Repair(byte n) {
end:
    do
#if !defined(NO_HEADS) && !defined(NO_POLL)
    :: atomic { WATCHED(n) && applied[n] < head -> readHeads(n) }
#endif
    :: atomic { HASHOLE(n) && applied[n] < head ->
            do
            :: HASHOLE(n) && applied[n] < head -> apply(n, applied[n] + 1, log[applied[n] + 1])
            :: else -> break
            od }
    od
}

/* kill -9, and the start after it. The database takes back what was not committed; what was already given to the broker may still arrive. */
proctype Machine(byte n) {
    byte i;
end:
    do
    :: atomic { faults > 0 ->
            faults--;
            if
            :: rowLock == n + 1 -> rowLock = 0
            :: else
            fi;
            rest(n);
            if :: node[0] == n -> disconnect(0) :: else fi;
            if :: node[1] == n -> disconnect(1) :: else fi;
            forget(n);
            heard[n] = 0;
            unsubscribe(n) }
    od
}

/* ---- a client ---- */

inline take(c, sequence, message) {
    assert(sequence == position[c] + 1);                          /* P6: in order, once, nothing left out */
    assert(sequence <= head && log[sequence] == message);         /* P2, P3: stored before it was seen, and the same for everybody */
    position[c] = sequence
}

/* get_history, page by page. */
inline fetch(c, last) {
    do
    :: position[c] < last && position[c] < head -> take(c, position[c] + 1, log[position[c] + 1])
    :: else -> break
    od
}

/* The receiver's rule (protocol-spec.md 8.2): known: drop; next: take; ahead: fetch what is between, then take. */
inline receive(c, sequence, message) {
    if
    :: sequence <= position[c] -> skip
    :: else ->
#ifndef NO_GAP_RULE
        fetch(c, sequence - 1);
#endif
        take(c, sequence, message)
    fi
}

/* hello: first the memberships are read with the chat's head, then the session is entered, and the welcome tells the highest head known. */
inline enter(c, n) {
#ifdef HELLO_RECHECK
    if
    :: stale[c] -> seed[c] = head
    :: else
    fi;
#endif
    if
    :: !WATCHED(n) -> applied[n] = (heard[n] > seed[c] -> heard[n] : seed[c])
    :: else
    fi;
#ifndef NO_RESUME
    fetch(c, seed[c]);
    fetch(c, heard[n]);
    fetch(c, applied[n]);
#endif
    seed[c] = 0;
    stale[c] = false;
    link[c] = Online
}

proctype Client(byte c) {
    byte s, m, i;
end:
    do
    :: atomic { link[c] == Offline -> link[c] = Hello; node[c] = 0; seed[c] = head; stale[c] = ISDEAF(0) }
    :: atomic { link[c] == Offline -> link[c] = Hello; node[c] = 1; seed[c] = head; stale[c] = ISDEAF(1) }
    :: atomic { link[c] == Hello && node[c] == 0 -> enter(c, 0) }
    :: atomic { link[c] == Hello && node[c] == 1 -> enter(c, 1) }
    :: atomic { c == 0 && link[0] == Online && nempty(push0) -> push0?s, m; receive(0, s, m); s = 0; m = 0 }
    :: atomic { c == 1 && link[1] == Online && nempty(push1) -> push1?s, m; receive(1, s, m); s = 0; m = 0 }
    :: atomic { link[c] != Offline && faults > 0 -> faults--; disconnect(c); i = 0 }
    od
}

/* ---- what is asked for ---- */

/* The faults that are left may stay away. When nothing can happen any more, every client is at the head, every message stored and acked. */
proctype Verdict() {
end:
    do
    :: atomic { faults > 0 -> faults-- }
    :: atomic { timeout -> assert(SETTLED); break }
    od
}

init {
    byte c;
    atomic {
        for (c : 0 .. 1) { /* both clients are online, each at its node, and the log is empty */
            link[c] = Online; node[c] = c; draft[c] = c + 1; step[c] = Idle; subscribed[c] = true;
            run Client(c);
            run Writer(c);
            run Broker(c);
            run Subscription(c);
            run Repair(c);
            run Machine(c)
        }
        c = 0;
        run Verdict()
    }
}

#ifdef LIVENESS
ltl settles { <> [] SETTLED }
#endif
