#include "harness.h"

#include "signals/signals.h"

static int order[8], n_called;
static const nu_model *const Student_model = (const nu_model *)&order[0];
static const nu_model *const Course_model = (const nu_model *)&order[1];

static void first(const nu_signal_event *event)
{
    (void)event;
    order[n_called++] = 1;
}

static void second(const nu_signal_event *event)
{
    (void)event;
    order[n_called++] = 2;
}

static void raises(const nu_signal_event *event)
{
    nu_raise(NU_VALUE_ERROR, "receiver of {}", (int64_t)event->signal);
}

static void connects_another(const nu_signal_event *event)
{
    nu_signal_connect(&(nu_receiver){ .signal = event->signal, .fn = second });
    n_called++;
}

static void start(void)
{
    nu__signals_release();
    n_called = 0;
}

static void connect_for(nu_signal signal, const nu_model *sender, nu_receiver_fn *fn)
{
    nu_signal_connect(&(nu_receiver){ .signal = signal, .sender = sender, .fn = fn });
}

static void receivers_run_in_the_order_they_were_connected(void)
{
    start();
    connect_for(NU_POST_SAVE, NULL, second);
    connect_for(NU_POST_SAVE, NULL, first);
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE), 2);
    CHECK_INT(order[0], 2);
    CHECK_INT(order[1], 1);
    nu__signals_release();
}

static void a_receiver_hears_of_its_sender_only(void)
{
    start();
    connect_for(NU_POST_SAVE, Student_model, first);
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE, .sender = Course_model), 0);
    CHECK_INT(nu_signal_send(.signal = NU_PRE_SAVE, .sender = Student_model), 0);
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE, .sender = Student_model), 1);
    CHECK(nu_signal_has_listeners(NU_POST_SAVE, Student_model));
    CHECK(!nu_signal_has_listeners(NU_POST_SAVE, Course_model));
    nu__signals_release();
}

static void a_receiver_connects_once(void)
{
    start();
    connect_for(NU_POST_SAVE, NULL, first);
    connect_for(NU_POST_SAVE, NULL, first);
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE), 1);
    start();
    nu_signal_connect(&(nu_receiver){ .signal = NU_POST_SAVE, .fn = first, .dispatch_uid = "x" });
    nu_signal_connect(&(nu_receiver){ .signal = NU_POST_SAVE, .fn = second, .dispatch_uid = "x" });
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE), 1);
    CHECK_INT(order[0], 1);
    nu__signals_release();
}

static void a_disconnected_receiver_is_not_called(void)
{
    const nu_receiver row = { .signal = NU_POST_SAVE, .fn = first };

    start();
    nu_signal_connect(&row);
    CHECK(nu_signal_disconnect(&row));
    CHECK(!nu_signal_disconnect(&row));
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE), 0);
    nu__signals_release();
}

static void an_error_of_a_receiver_reaches_the_sender(void)
{
    start();
    connect_for(NU_POST_SAVE, NULL, raises);
    connect_for(NU_POST_SAVE, NULL, first);
    CHECK_RAISES(NU_VALUE_ERROR, "receiver of 2", nu_signal_send(.signal = NU_POST_SAVE));
    CHECK_INT(n_called, 0);
    CHECK_INT(nu_signal_send_robust(.signal = NU_POST_SAVE), 1);
    CHECK_INT(n_called, 1);
    nu__signals_release();
}

static void connecting_during_a_send_counts_from_the_next_one(void)
{
    start();
    connect_for(NU_FIRST_OWN_SIGNAL, NULL, connects_another);
    CHECK_INT(nu_signal_send(.signal = NU_FIRST_OWN_SIGNAL), 1);
    CHECK_INT(nu_signal_send(.signal = NU_FIRST_OWN_SIGNAL), 2);
    nu__signals_release();
}

static void a_sender_may_be_named_that_is_not_installed(void)
{
    nu_model student = { .name = "Student", .app_label = "registry" };
    nu_model other = { .name = "Student", .app_label = "registryx" };

    start();
    nu_signal_connect(&(const nu_receiver)receiver_named(NU_POST_SAVE, "registry.Student", first));
    CHECK(nu_signal_has_listeners(NU_POST_SAVE, &student));
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE, .sender = &other), 0);
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE), 0);
    CHECK_INT(nu_signal_send(.signal = NU_POST_SAVE, .sender = &student), 1);
    nu__signals_release();
}

static void a_number_that_is_no_signal_is_refused(void)
{
    CHECK_RAISES(NU_VALUE_ERROR, "64 is no signal", nu_signal_send(.signal = 64));
}

HARNESS(receivers_run_in_the_order_they_were_connected, a_receiver_hears_of_its_sender_only,
        a_receiver_connects_once, a_disconnected_receiver_is_not_called,
        an_error_of_a_receiver_reaches_the_sender,
        connecting_during_a_send_counts_from_the_next_one,
        a_sender_may_be_named_that_is_not_installed, a_number_that_is_no_signal_is_refused)
