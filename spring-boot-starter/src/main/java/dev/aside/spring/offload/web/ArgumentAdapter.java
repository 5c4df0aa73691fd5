package dev.aside.spring.offload.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.context.ApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * The application's own adapter once more, with everything it has been given, but for the call itself. No bean, so that
 * whoever asks for the adapter gets the application's.
 */
final class ArgumentAdapter extends RequestMappingHandlerAdapter {
    private final Starts starts;

    private ArgumentAdapter(Starts starts) {
        this.starts = starts;
    }

    static ArgumentAdapter like(RequestMappingHandlerAdapter model, ApplicationContext context, Starts starts) {
        ArgumentAdapter adapter = new ArgumentAdapter(starts);
        List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
        resolvers.add(new LateContext());
        resolvers.addAll(Objects.requireNonNull(model.getArgumentResolvers(), "argument resolvers"));
        adapter.setArgumentResolvers(resolvers);
        adapter.setInitBinderArgumentResolvers(
                Objects.requireNonNull(model.getInitBinderArgumentResolvers(), "argument resolvers of binders"));
        adapter.setReturnValueHandlers(Objects.requireNonNull(model.getReturnValueHandlers(), "return value handlers"));
        adapter.setMessageConverters(model.getMessageConverters());
        adapter.setWebBindingInitializer(model.getWebBindingInitializer());
        adapter.setReactiveAdapterRegistry(model.getReactiveAdapterRegistry());
        adapter.setApplicationContext(context);
        adapter.setBeanFactory(context.getAutowireCapableBeanFactory());
        adapter.afterPropertiesSet();
        return adapter;
    }

    @Override
    protected ServletInvocableHandlerMethod createInvocableHandlerMethod(HandlerMethod handler) {
        return new ArgumentCall(handler, starts);
    }
}
