using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Jobs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_kept_answers_AccountId_CreatedAt",
                table: "kept_answers");

            migrationBuilder.CreateTable(
                name: "job_runs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Job = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Replica = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Outcome = table.Column<int>(type: "INTEGER", nullable: false),
                    Removed = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_runs", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_kept_answers_CreatedAt",
                table: "kept_answers",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_DeletedAt",
                table: "conversations",
                column: "DeletedAt",
                filter: "\"DeletedAt\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "job_runs");

            migrationBuilder.DropIndex(
                name: "IX_kept_answers_CreatedAt",
                table: "kept_answers");

            migrationBuilder.DropIndex(
                name: "IX_conversations_DeletedAt",
                table: "conversations");

            migrationBuilder.CreateIndex(
                name: "IX_kept_answers_AccountId_CreatedAt",
                table: "kept_answers",
                columns: new[] { "AccountId", "CreatedAt" });
        }
    }
}
