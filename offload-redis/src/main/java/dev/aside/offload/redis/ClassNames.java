package dev.aside.offload.redis;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotationIntrospectorPair;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses whatever would put names of classes into the bytes: whoever writes to Redis could choose what is instantiated.
 * Stateless.
 */
final class ClassNames extends AnnotationIntrospectorPair {
    private static final long serialVersionUID = 1;
    private static final String HINT =
            " would put class names into the store, and whoever writes there could choose what is instantiated."
                    + " Hint: @JsonTypeInfo(use = NAME) with @JsonSubTypes.";

    private ClassNames(AnnotationIntrospector given) {
        super(given, AnnotationIntrospector.nopInstance());
    }

    /**
     * @throws IllegalArgumentException if the mapper has default typing
     */
    static JsonMapper refused(JsonMapper mapper) {
        if (mapper.serializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null) {
            throw new IllegalArgumentException("a mapper with default typing" + HINT);
        }
        return mapper.rebuild()
                .annotationIntrospector(
                        new ClassNames(mapper.serializationConfig().getAnnotationIntrospector()))
                .build();
    }

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        JsonTypeInfo.@Nullable Value found = super.findPolymorphicTypeInfo(config, annotated);
        if (found != null
                && (found.getIdType() == JsonTypeInfo.Id.CLASS || found.getIdType() == JsonTypeInfo.Id.MINIMAL_CLASS)) {
            throw new IllegalArgumentException(
                    "@JsonTypeInfo(use = " + found.getIdType() + ") on " + annotated.getName() + HINT);
        }
        return found;
    }
}
