package dev.aside.offload.job;

/** What the work of a job is made of, and so what becomes of it when its process dies. */
public enum JobKind {
    /** A closure of one process. It can be polled from anywhere, run only there; if that process dies it is LOST. */
    LOCAL,
    /** A registered type and a payload. Any process with a handler may run it, again after a crash. */
    NAMED
}
