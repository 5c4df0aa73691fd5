package dev.aside.spring;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;
import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Reads the durations of {@code aside.*}: {@code 2h5m} as in annotations, {@code 30s} and {@code PT30S} as Boot does. */
final class AsideDurationConverter implements ConditionalGenericConverter {
    static final String EXAMPLES = "250ms, 30s, 10m, 2h5m or PT30S";

    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
        return Set.of(new ConvertiblePair(String.class, Duration.class));
    }

    @Override
    public boolean matches(TypeDescriptor source, TypeDescriptor target) {
        return target.hasAnnotation(AsideDuration.class);
    }

    @Override
    public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
        return source == null ? null : parse(source.toString().strip());
    }

    static Duration parse(String text) {
        try {
            return DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException notBoots) {
            try {
                return DurationFormatterUtils.parse(text, Style.COMPOSITE);
            } catch (IllegalArgumentException notAsides) {
                IllegalArgumentException neither =
                        new IllegalArgumentException("'" + text + "' is not a duration [hint: " + EXAMPLES + "]");
                neither.addSuppressed(notBoots);
                neither.addSuppressed(notAsides);
                throw neither;
            }
        }
    }
}
