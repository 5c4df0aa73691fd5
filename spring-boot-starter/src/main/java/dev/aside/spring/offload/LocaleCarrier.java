package dev.aside.spring.offload;

import dev.aside.offload.spi.ContextCarrier;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContextHolder;

/** Takes the caller's locale along, with stored jobs too. */
public final class LocaleCarrier {
    private LocaleCarrier() {}

    /** The carrier. */
    public static ContextCarrier carrier() {
        return ContextCarrier.text("aside.locale", LocaleCarrier::get, LocaleCarrier::set);
    }

    private static @Nullable String get() {
        return LocaleContextHolder.getLocaleContext() == null
                ? null
                : LocaleContextHolder.getLocale().toLanguageTag();
    }

    private static void set(@Nullable String tag) {
        if (tag == null) {
            LocaleContextHolder.resetLocaleContext();
        } else {
            LocaleContextHolder.setLocale(Locale.forLanguageTag(tag));
        }
    }
}
