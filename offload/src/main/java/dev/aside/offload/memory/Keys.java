package dev.aside.offload.memory;

import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.KeyClaim;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Idempotency keys. A key lives at most as long as the record of its job. Guarded by the store's lock. */
final class Keys {
    private final Map<String, Held> held = new HashMap<>();

    /** The answer for a job that comes with this key, null if the key is free. */
    @Nullable Admission conflict(String type, KeyClaim claim, long now) {
        Held holder = held.get(name(type, claim.key()));
        if (holder == null) {
            return null;
        }
        if (holder.expires - now <= 0) {
            held.remove(name(type, claim.key()));
            return null;
        }
        return new Admission(
                holder.fingerprint.equals(claim.fingerprint())
                        ? Admission.Answer.DUPLICATE
                        : Admission.Answer.KEY_REUSED,
                holder.jobId);
    }

    void claim(Entry entry, KeyClaim claim, long now) {
        String name = name(entry.record.type(), claim.key());
        entry.key = name;
        held.put(
                name,
                new Held(
                        entry.record.id(),
                        claim.fingerprint(),
                        now + claim.ttl().toNanos()));
    }

    void forget(Entry entry) {
        String key = entry.key;
        if (key != null) {
            Held holder = held.get(key);
            if (holder != null && holder.jobId.equals(entry.record.id())) {
                held.remove(key);
            }
        }
    }

    private static String name(String type, String key) {
        return type + ' ' + key;
    }

    private record Held(String jobId, String fingerprint, long expires) {}
}
