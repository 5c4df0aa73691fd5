package dev.aside.spring.offload.web;

import dev.aside.offload.http.CompletionProfile;
import dev.aside.offload.http.HttpContractBuilder;
import dev.aside.offload.http.StartRules;
import dev.aside.spring.offload.OffloadedMethod;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How endpoints and the addresses of their jobs are set up. Immutable.
 *
 * @param path where jobs are, below the application's context path, e.g. {@code /jobs}
 * @param contract begins the contract; asked once, and only if there is an endpoint
 * @param profile what the address of a finished job answers, for endpoints that do not say
 * @param maxUpload how many bytes of uploaded files a request may keep
 * @param rules how a method starts work
 */
public record WebOptions(
        String path,
        Supplier<HttpContractBuilder> contract,
        CompletionProfile profile,
        long maxUpload,
        Function<OffloadedMethod, StartRules> rules) {
    public WebOptions {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(contract, "contract");
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(rules, "rules");
    }
}
