package reports;

import dev.aside.offload.JobContext;
import dev.aside.offload.annotation.Offload;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Reports {
    record Query(String month) {}

    record Report(String month, int pages) {}

    @PostMapping("/reports")
    @Offload
    Report create(@RequestBody Query query, JobContext job) throws InterruptedException {
        for (int page = 1; page <= 12; page++) {
            Thread.sleep(100); // your slow work
            job.progress(page, 12);
        }
        return new Report(query.month(), 12);
    }

    public static void main(String[] args) {
        SpringApplication.run(Reports.class, args);
    }
}
