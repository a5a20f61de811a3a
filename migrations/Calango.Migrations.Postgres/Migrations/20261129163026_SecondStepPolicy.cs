using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class SecondStepPolicy : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "second_step_policy",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Demand = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_second_step_policy", x => x.Id);
                });

            migrationBuilder.InsertData(
                table: "second_step_policy",
                columns: new[] { "Id", "Demand" },
                values: new object[] { 1, 0 });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "second_step_policy");
        }
    }
}
