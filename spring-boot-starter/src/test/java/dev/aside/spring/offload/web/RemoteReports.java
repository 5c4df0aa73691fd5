package dev.aside.spring.offload.web;

import dev.aside.offload.JobContext;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.annotation.JobHandler;
import dev.aside.spring.offload.web.Reports.Query;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What a test asks of {@link Reports} in another process, and work that any node may do again. */
@RestController
class RemoteReports {
    static final JobType<Query, Printed> PRINT = JobType.of("print", Query.class, Printed.class);

    private final Reports reports;
    private final ObjectProvider<OffloadExecutor> offload;

    RemoteReports(Reports reports, ObjectProvider<OffloadExecutor> offload) {
        this.reports = reports;
        this.offload = offload;
    }

    record Printed(String month, long process) {}

    @PostMapping("/gates/{month}")
    void open(@PathVariable String month) {
        reports.open(month);
    }

    /** The id of the job that the call has become. */
    @PostMapping("/printed")
    String call(@RequestBody Query query) throws Exception {
        return offload.getObject().jobs().call(PRINT, query).fold(done -> "none", JobHandle::id);
    }

    @JobHandler("print")
    Printed print(Query query, JobContext context) throws InterruptedException {
        reports.work(query, context);
        return new Printed(query.month(), ProcessHandle.current().pid());
    }
}
