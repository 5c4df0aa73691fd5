package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** One connection of an operator's tool, without the store around it: it lays nothing out and is not refused by settings. */
final class AdminLink implements AutoCloseable {
    private final Deployment deployment;
    private final TimeSource time = TimeSource.system();
    private final Keeper<Deployment.Commands> commands;
    private final RedisJobOptions asked;

    AdminLink(Address address, String namespace, Duration command) {
        this.asked = new RedisJobOptions(
                address,
                new Layout(namespace, 1),
                new RedisJobOptions.Times(
                        command,
                        Duration.ofSeconds(30),
                        Duration.ofHours(1),
                        Duration.ofHours(24),
                        Duration.ofDays(30)),
                new RedisJobOptions.Limits(0, 0, 0, 10_000, 2),
                new RedisJobOptions.Durability(Set.of(), 1, command),
                true,
                time);
        this.deployment = Deployment.at(address, command, command);
        this.commands =
                new Keeper<>(deployment::commands, opened -> opened.connection().closeAsync(), time);
    }

    /**
     * Connects.
     *
     * @throws JobStoreException if Redis cannot be reached
     * @throws NoSuchElementException if no store has laid out the namespace
     */
    RedisJobAdmin open() {
        try {
            Keeper.join(commands::get, asked);
            Map<String, byte[]> left = Answers.of(new Calls(commands, asked)
                    .send(async -> async.hgetall(asked.layout().prefix(0) + "meta")));
            if (!left.containsKey("shards")) {
                throw new NoSuchElementException("no job store has used the namespace '"
                        + asked.layout().namespace() + "' on Redis, " + asked.address()
                        + ". Hint: is the namespace the one of the application?");
            }
            RedisJobOptions options = Settings.like(left, asked);
            return new RedisJobAdmin(new Calls(commands, options), options, this::close);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        commands.close();
        deployment.close();
        time.close();
    }
}
