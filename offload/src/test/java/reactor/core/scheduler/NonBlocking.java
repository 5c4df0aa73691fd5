package reactor.core.scheduler;

/** Stands for Reactor's marker of threads that must not block, which the guard knows by name only. */
public interface NonBlocking {}
