package dev.aside.spring.offload.web;

import dev.aside.offload.http.CompletionProfile;
import dev.aside.offload.http.HttpContract;
import dev.aside.offload.http.HttpContractBuilder;
import java.util.EnumMap;
import java.util.Map;

/** The contract, once for each way in which the address of a finished job may answer. Immutable. */
final class Contracts {
    private final Map<CompletionProfile, HttpContract> byProfile = new EnumMap<>(CompletionProfile.class);
    private final CompletionProfile standard;
    private final Map<String, CompletionProfile> byType;

    /**
     * @param byType job types that are not answered as the others are
     */
    Contracts(HttpContractBuilder builder, CompletionProfile standard, Map<String, CompletionProfile> byType) {
        for (CompletionProfile profile : CompletionProfile.values()) {
            byProfile.put(profile, builder.completion(profile).build());
        }
        this.standard = standard;
        this.byType = Map.copyOf(byType);
    }

    HttpContract standard() {
        return of(standard);
    }

    HttpContract of(String type) {
        return of(byType.getOrDefault(type, standard));
    }

    private HttpContract of(CompletionProfile profile) {
        HttpContract contract = byProfile.get(profile);
        if (contract == null) {
            throw new IllegalStateException("there is no contract for profile " + profile);
        }
        return contract;
    }
}
